import { probe } from '../admin/probe.ts';
import { exitCode } from '../errors.ts';
import { maskText } from '../mask/mask-text.ts';
import { helpText } from '../options/help.ts';
import type { Config, OptionSet, Program } from '../options/option.ts';
import { type Parsed, parseOptions } from '../options/parse.ts';
import type { HostPort } from '../options/readers.ts';

type Configured<Options extends OptionSet> = Extract<Parsed<Options>, { ok: true }>;

/** Faults of combined options, one line each; each option alone is valid. */
export type FindFaults<Options extends OptionSet> = (config: Config<Options>) => readonly string[];

/** Text to print instead of running the program, for options that ask a question; undefined without one. */
export type Answer<Options extends OptionSet> = (
  config: Config<Options>,
) => string | undefined | Promise<string | undefined>;

/**
 * Reads the program's options from this process; answers `--help`, `--version`, `--check-config`,
 * `--print-config`, `--probe` and the requests of `answer`, or prints all faults on stderr and exits 2.
 */
export async function configure<Options extends OptionSet>(
  program: Program<Options>,
  findFaults: FindFaults<Options> = () => [],
  answer: Answer<Options> = () => undefined,
): Promise<Configured<Options>> {
  const parsed = parseOptions(program, { argv: process.argv.slice(2), env: process.env });
  if (parsed.request === 'help') return finish(exitCode.ok, helpText(program));
  if (parsed.request === 'version') return finish(exitCode.ok, `${program.name} ${program.version}\n`);
  if (parsed.request === 'probe-live' || parsed.request === 'probe-ready') {
    const address = adminAddress(parsed);
    if (address === undefined) return complain(exitCode.usage, parsed.ok ? [] : parsed.faults, program);
    const fault = await probe(address, parsed.request === 'probe-live' ? '/livez' : '/readyz');
    return fault === undefined ? finish(exitCode.ok) : complain(exitCode.internal, [fault], program);
  }
  const faults = parsed.config === undefined ? [] : findFaults(parsed.config).map(maskText);
  if (!parsed.ok) return complain(exitCode.usage, [...parsed.faults, ...faults], program);
  if (parsed.request === 'print-config') {
    return finish(exitCode.ok, `${JSON.stringify(parsed.printable(), undefined, 2)}\n`);
  }
  if (faults.length > 0) return complain(exitCode.usage, faults, program);
  if (parsed.request === 'check-config') return finish(exitCode.ok, 'configuration is valid\n');
  const answered = await answer(parsed.config);
  return answered === undefined ? parsed : finish(exitCode.ok, answered);
}

/** A probe needs only the admin port: faults of other options do not concern it. */
function adminAddress<Options extends OptionSet>(parsed: Parsed<Options>): HostPort | undefined {
  const right: Partial<Config<OptionSet>> = parsed.ok ? parsed.config : parsed.right;
  return right['adminListen'] as HostPort | undefined; // `serviceOptions` declares it as one
}

/** Tells faults on stderr, a line each, and ends. */
export function complain(code: number, faults: readonly string[], program: { readonly name: string }): never {
  process.stderr.write(faults.map((fault) => `${program.name}: ${fault}\n`).join(''));
  process.exit(code);
}

function finish(code: number, output = ''): never {
  process.stdout.write(output);
  process.exit(code);
}
