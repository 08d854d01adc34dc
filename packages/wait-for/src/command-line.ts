import { type Config, complain, exitCode, helpText, parseOptions } from '@pod-patterns/kit';
import { kindOf } from './kinds/registry.ts';
import { program } from './options.ts';
import { readTargetFile } from './target/read-file.ts';
import { readTargetLine } from './target/read-target.ts';
import type { Reading } from './target/reading.ts';
import { isGroup, type Target, type Wanted } from './target/target.ts';

/** The values of wait-for's options. */
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
  if (!parsed.ok) {
    const files = parsed.config?.file ?? [];
    const targets = await readTargets(parsed.operands, files, process.env['WAIT_FOR'] ?? '');
    const more = targets.ok ? [] : targets.faults.filter((fault) => fault !== noTarget);
    return complain(exitCode.usage, [...parsed.faults, ...more], program);
  }
  const { config: options, operands, command, request } = parsed;

  const targets = await readTargets(operands, options.file, process.env['WAIT_FOR'] ?? '');
  if (!targets.ok) return complain(exitCode.usage, targets.faults, program);
  const wanted = targets.value;
  if (request === 'check-config') return finish('configuration is valid\n');
  if (request === 'print-config') {
    const printable = { ...parsed.printable, targets: wanted.map(printableTarget) };
    return finish(`${JSON.stringify(printable, undefined, 2)}\n`);
  }
  const lacks = options.explain ? [] : [...new Set(wanted.flatMap(lacksOf))];
  if (lacks.length > 0) return complain(exitCode.usage, lacks, program);
  return { options, wanted, command };
}

const noTarget = 'expected a target; --help shows the forms';

/** Operands, the lines of `WAIT_FOR` and the files add up. */
async function readTargets(
  operands: readonly string[],
  files: readonly string[],
  environment: string,
): Promise<Reading<readonly Wanted[]>> {
  const lines = environment
    .split('\n')
    .map((line, index) => ({ line, origin: `WAIT_FOR line ${index + 1}` }));
  const readings: ReadonlyArray<Reading<Wanted> | Reading<readonly Wanted[]>> = [
    ...operands.map((line, index) => readTargetLine(line, `target ${index + 1}`)),
    ...lines
      .filter(({ line }) => !/^\s*(#.*)?$/.test(line))
      .map(({ line, origin }) => readTargetLine(line, origin)),
    ...(await Promise.all(files.map(readTargetFile))),
  ];
  const faults = readings.flatMap((reading) => (reading.ok ? [] : reading.faults));
  const value = readings.flatMap((reading) => (reading.ok ? reading.value : []));
  if (value.length === 0 && faults.length === 0) faults.push(noTarget);
  return faults.length > 0 ? { ok: false, faults } : { ok: true, value };
}

/** What targets need of the environment and do not find there. */
function lacksOf(wanted: Wanted): readonly string[] {
  if (isGroup(wanted)) return wanted.members.flatMap(lacksOf);
  return kindOf.get(wanted.kind)?.lacks(process.env) ?? [];
}

function printableTarget(wanted: Wanted): unknown {
  if (isGroup(wanted)) return { any: wanted.members.map(printable), name: wanted.name };
  return printable(wanted);
}

function printable({ shown, settings }: Target): string {
  return [shown, ...settings.map(([name, value]) => `${name}${name === 'json:' ? value : `=${value}`}`)].join(
    ' ',
  );
}

function finish(output: string): never {
  process.stdout.write(output);
  process.exit(exitCode.ok);
}
