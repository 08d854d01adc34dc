import { usageOf } from './keys/key.ts';
import { kindsHelp } from './kinds/help.ts';
import { kinds } from './kinds/registry.ts';
import { commonKeys } from './target/common-keys.ts';

/** Text of `--help` below the options. */
export function notes(): string {
  const common = Object.entries(commonKeys).map(([name, key]) => usageOf(name, key));
  return `Targets: a URL and keys, "URL key=value …"; also in WAIT_FOR (one per line) and in --file. A target is ready when …
${kindsHelp(kinds)}
  Every target has ${common.join(' ')}

Exit codes: 0 ready, 1 internal fault, 2 usage error, 3 permanent failure, 124 timed out, 126 or 127 the command
cannot be started, 128+n ended by signal n. With a command, this process becomes the command and has its exit code.
`;
}
