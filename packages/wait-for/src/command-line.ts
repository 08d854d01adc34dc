import { type Config, exitCode, helpText, type Parsed, parseOptions } from '@pod-patterns/kit';
import { kindOf } from './kinds/registry.ts';
import { program } from './options.ts';
import type { Files } from './probe/files.ts';
import { type Clock, inTime } from './schedule/clock.ts';
import { noTarget, readSources } from './target/read-sources.ts';
import { isGroup, type Target, type Wanted } from './target/target.ts';

type OptionsOfProgram = (typeof program)['options'];

/** The values of wait-for's options. */
export type Options = Config<OptionsOfProgram>;

/** What is to be done. */
export interface Job {
  readonly options: Options;
  readonly wanted: readonly Wanted[];
  /** What to become afterwards; empty for nothing. */
  readonly command: readonly string[];
}

/** A job, or all there is to say. */
export type CommandLine =
  | { readonly type: 'job'; readonly job: Job }
  | { readonly type: 'answer'; readonly text: string }
  | { readonly type: 'refused'; readonly exitCode: number; readonly faults: readonly string[] };

/** What a command line is read from. */
export interface Source {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly files: Files;
  readonly clock: Clock;
}

/**
 * Reads options and targets; answers `--help` and its like, or tells all faults. kit's own `configure` would not look at
 * the targets.
 */
export async function readCommandLine(source: Source): Promise<CommandLine> {
  const { argv, env, files, clock } = source;
  const parsed = parseOptions(program, { argv, env });
  if (parsed.request === 'help') return answer(helpText(program));
  if (parsed.request === 'version') return answer(`${program.name} ${program.version}\n`);
  const { file: paths = [], timeout = 0 } = parsed.config ?? {};
  const reading = readSources({ operands: parsed.operands, variable: env['WAIT_FOR'] ?? '', paths }, files);
  const targets = await inTime(clock, timeout, reading);
  if (targets === undefined) {
    const fault = `--file ${paths.join(' ')}: not read within the timeout`;
    return { type: 'refused', exitCode: exitCode.timedOut, faults: [fault] };
  }
  if (!parsed.ok) {
    const more = targets.ok ? [] : targets.faults.filter((fault) => fault !== noTarget);
    return refused([...parsed.faults, ...more]);
  }
  return targets.ok ? understood(parsed, targets.value, env) : refused(targets.faults);
}

function understood(
  { config: options, command, printable, request }: Extract<Parsed<OptionsOfProgram>, { readonly ok: true }>,
  wanted: readonly Wanted[],
  env: Source['env'],
): CommandLine {
  if (request === 'check-config') return answer('configuration is valid\n');
  if (request === 'print-config') {
    const shown = { ...printable, targets: wanted.map(printableTarget) };
    return answer(`${JSON.stringify(shown, undefined, 2)}\n`);
  }
  const lacks = options.explain ? [] : [...new Set(wanted.flatMap((one) => lacksOf(one, env)))];
  return lacks.length > 0 ? refused(lacks) : { type: 'job', job: { options, wanted, command } };
}

function answer(text: string): CommandLine {
  return { type: 'answer', text };
}

function refused(faults: readonly string[]): CommandLine {
  return { type: 'refused', exitCode: exitCode.usage, faults };
}

/** What targets need of the environment and do not find there. */
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
