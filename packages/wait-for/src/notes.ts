import { usageOf } from './keys/key.ts';
import { kindsHelp } from './kinds/help.ts';
import { kinds } from './kinds/registry.ts';
import { commonKeys } from './target/common-keys.ts';

/** What `--help` shows below the options. */
export function notes(): string {
  const common = Object.entries(commonKeys).map(([name, key]) => usageOf(name, key));
  return `Targets: a URL and keys, "URL key=value …"; also a line each in WAIT_FOR, and in --file. One is ready when …
${kindsHelp(kinds)}
  Every target has ${common.join(' ')}

Exit codes: 0 ready, 1 internal fault, 2 wrong use, 3 failed for good, 124 timed out, 126 or 127 the command
cannot be started, 128+n ended by signal n; else those of the command, which takes the place of this process.
`;
}
