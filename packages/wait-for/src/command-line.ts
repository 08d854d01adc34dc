import { type Config, exitCode, helpText, type Parsed, parseOptions } from '@pod-patterns/kit';
import { kindOf } from './kinds/registry.ts';
import { program } from './options.ts';
import type { Files } from './probe/files.ts';
import { type Clock, inTime } from './schedule/clock.ts';
import { type Listed, noTarget, readSources } from './target/read-sources.ts';
import { isGroup, type Target, type Wanted } from './target/target.ts';

type OptionsOfProgram = (typeof program)['options'];

/** The values of wait-for's options. */
export type Options = Config<OptionsOfProgram>;

/** The task of a run. */
export interface Job {
  readonly options: Options;
  readonly wanted: readonly Wanted[];
  /** Command to run afterwards; empty for none. */
  readonly command: readonly string[];
}

/** Timeout for reading files if --timeout itself is invalid. */
const fallbackTimeoutMs = 10_000;

/** A job, an answer to print, or faults. */
export type CommandLine =
  | { readonly type: 'job'; readonly job: Job }
  | { readonly type: 'answer'; readonly text: string }
  | { readonly type: 'refused'; readonly exitCode: number; readonly faults: readonly string[] };

/** Sources of a command line. */
export interface Source {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly files: Files;
  readonly clock: Clock;
}

/**
 * Reads options and targets; answers `--help` and similar requests, or reports all faults. kit's `configure` would not
 * check the targets.
 */
export async function readCommandLine(source: Source): Promise<CommandLine> {
  const { argv, env, files, clock } = source;
  const parsed = parseOptions(program, { argv, env });
  if (parsed.request === 'help') return answer(helpText(program));
  if (parsed.request === 'version') return answer(`${program.name} ${program.version}\n`);
  const right = parsed.ok ? parsed.config : parsed.right;
  const { file: paths = [], timeout = fallbackTimeoutMs } = right;
  const reading = readSources({ operands: parsed.operands, variable: env['WAIT_FOR'] ?? '', paths }, files);
  const listed = await inTime(clock, timeout, reading);
  if (listed === undefined) {
    const fault = `--file ${paths.join(' ')}: not read within the timeout`;
    return { type: 'refused', exitCode: exitCode.timedOut, faults: [fault] };
  }
  return conclude(parsed, listed, env);
}

function conclude(
  parsed: Parsed<OptionsOfProgram>,
  { wanted, faults }: Listed,
  env: Source['env'],
): CommandLine {
  const { request } = parsed;
  const isToRun = request === undefined && !(parsed.ok && parsed.config.explain);
  const lacks = isToRun ? new Set(wanted.flatMap((one) => lacksOf(one, env))) : [];
  if (!parsed.ok) {
    // an invalid option may have consumed the target as its value
    return refused([...parsed.faults, ...faults.filter((fault) => fault !== noTarget), ...lacks]);
  }
  const all = [...faults, ...lacks];
  if (all.length > 0) return refused(all);
  const { config: options, command } = parsed;
  if (request === 'check-config') return answer('configuration is valid\n');
  if (request === 'print-config') {
    const shown = { ...parsed.printable(), targets: wanted.map(printableTarget) };
    return answer(`${JSON.stringify(shown, undefined, 2)}\n`);
  }
  return { type: 'job', job: { options, wanted, command } };
}

function answer(text: string): CommandLine {
  return { type: 'answer', text };
}

function refused(faults: readonly string[]): CommandLine {
  return { type: 'refused', exitCode: exitCode.usage, faults };
}

/** Missing environment variables of targets. */
function lacksOf(wanted: Wanted, env: Source['env']): readonly string[] {
  if (isGroup(wanted)) return wanted.members.flatMap((member) => lacksOf(member, env));
  return kindOf.get(wanted.kind)?.lacks(env) ?? [];
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
