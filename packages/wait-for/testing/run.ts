import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ProgramEnd, type RunningProgram, startProgram } from '@pod-patterns/kit/testing/program';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';

/** The bundle, built before the suites: users run it, and it starts faster. */
export const main = join(import.meta.dirname, '../dist/wait-for.js');

type Env = Readonly<Record<string, string | undefined>>;

/** Starts wait-for as a real process that reports as JSON. */
export function start(args: readonly string[], env: Env = {}): RunningProgram {
  return startProgram(main, args, { WAIT_FOR_FORMAT: 'json', ...env });
}

/** Exit code and output of a run. */
export interface Ran extends ProgramEnd {
  readonly stdout: string;
  readonly stderr: readonly string[];
  /** Lines of stderr that are JSON. */
  readonly log: ReadonlyArray<Record<string, unknown>>;
  readonly terminationLog: string;
  readonly report: string;
}

/** Runs wait-for to its end, reporting as JSON unless the arguments say otherwise. */
export async function run(args: readonly string[], env: Env = {}): Promise<Ran> {
  using dir = tempDir();
  const [terminationLog, report] = [dir.file('termination-log'), dir.file('report')];
  await using program = start(['--termination-log', terminationLog, '--report', report, ...args], env);
  const end = await program.ended;
  const { stdout, stderr, log } = program;
  return {
    ...end,
    stdout,
    stderr,
    log,
    terminationLog: readIfThere(terminationLog),
    report: readIfThere(report),
  };
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
