import { type Config, complain, exitCode, helpText, parseOptions } from '@pod-patterns/kit';
import { program } from './options.ts';
import { readTargetLine } from './target/read-target.ts';
import type { Wanted } from './target/target.ts';

export type Options = Config<(typeof program)['options']>;

/** What is to be done. */
export interface Job {
  readonly options: Options;
  readonly wanted: readonly Wanted[];
  /** What to become afterwards; empty for nothing. */
  readonly command: readonly string[];
}

/**
 * Reads options and targets of this process; answers `--help` and its like, and ends with 2 and a line for
 * each fault. kit's own `configure` would not look at the targets.
 */
export async function readCommandLine(): Promise<Job> {
  const parsed = parseOptions(program, { argv: process.argv.slice(2), env: process.env });
  if (parsed.request === 'help') return finish(helpText(program));
  if (parsed.request === 'version') return finish(`${program.name} ${program.version}\n`);
  if (!parsed.ok) return complain(exitCode.usage, parsed.faults, program);
  const wanted: Wanted[] = [];
  const faults: string[] = [];
  const take = (line: string, origin: string) => {
    const read = readTargetLine(line, origin);
    if (read.ok) wanted.push(read.value);
    else faults.push(...read.faults);
  };
  for (const [index, line] of parsed.operands.entries()) take(line, `target ${index + 1}`);
  const lines = (process.env['WAIT_FOR'] ?? '').split('\n');
  for (const [index, line] of lines.entries()) {
    if (!/^\s*(#.*)?$/.test(line)) take(line, `WAIT_FOR line ${index + 1}`);
  }
  if (wanted.length === 0 && faults.length === 0) faults.push('expected a target; --help shows the forms');
  if (faults.length > 0) return complain(exitCode.usage, faults, program);
  if (parsed.request === 'check-config') return finish('configuration is valid\n');
  return { options: parsed.config, wanted, command: parsed.command };
}

function finish(output: string): never {
  process.stdout.write(output);
  process.exit(exitCode.ok);
}
