import { writeFileSync } from 'node:fs';
import { describeError, exitCode, onStopSignals } from '@pod-patterns/kit';
import { type Job, readCommandLine } from './command-line.ts';
import { become } from './exec/become.ts';
import { findProgram } from './exec/find-program.ts';
import { explainAll, explanationText } from './explain/explain.ts';
import type { Surroundings } from './probe/attempt.ts';
import { Lookups } from './probe/names/lookups.ts';
import { Reporter, report } from './report/reporter.ts';
import { say } from './report/stderr.ts';
import { isThereToWrite } from './report/termination-log.ts';
import { realClock } from './schedule/clock.ts';
import { type Ended, waitForAll } from './schedule/wait.ts';

const { stopping } = onStopSignals();
void main();

async function main(): Promise<never> {
  const job = await readCommandLine();
  process.exit(await (job.options.explain ? explain(job) : run(job)));
}

function surroundingsOf({ options }: Job): Surroundings {
  const { resolvConf, serviceAccountDir } = options;
  return { lookups: new Lookups(), resolvConf, serviceAccountDir, env: process.env };
}

async function run(job: Job): Promise<number> {
  const { options, wanted, command } = job;
  using reporter = new Reporter({
    format: options.format,
    isQuiet: options.quiet,
    clock: realClock,
    write: say,
  });
  const ended = await waitForAll(
    wanted,
    {
      clock: realClock,
      random: Math.random,
      surroundings: surroundingsOf(job),
      probe: (target, attempt) => target.probe(attempt),
      isStrict: options.strict,
      isOnce: options.once,
      changed: (one, progress) => reporter.changed(one, progress),
    },
    { timeoutMs: options.timeout, stopping },
  );
  const summary = reporter.summary(ended);
  if (options.report !== undefined) leave('report', options.report, report(ended));
  // what follows has an end of its own to tell Kubernetes
  if (ended.result === 'ready' && command.length > 0) return start(command);
  if (isThereToWrite(options.terminationLog)) leave('termination-log', options.terminationLog, summary);
  return exitCodeOf(ended);
}

/** The summary was said already: a file that cannot be written is not worth failing for. */
function leave(option: string, file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    say(`wait-for: --${option} ${file}: ${describeError(error)}`);
  }
}

function start(command: readonly string[]): number {
  const found = findProgram(command[0] ?? '', process.env['PATH']);
  if (found.ok) become(found.file, command, process.env);
  say(`wait-for: ${found.ok ? 'this runtime cannot replace itself' : found.message}`);
  return found.ok ? exitCode.internal : found.exitCode;
}

async function explain(job: Job): Promise<number> {
  const { options, wanted } = job;
  for (const one of await explainAll(wanted, surroundingsOf(job))) {
    process.stdout.write(options.format === 'json' ? `${JSON.stringify(one)}\n` : explanationText(one));
  }
  return exitCode.ok;
}

function exitCodeOf({ result }: Ended): number {
  if (result === 'stopped') return stopping.reason === 'SIGINT' ? 128 + 2 : 128 + 15;
  return { ready: exitCode.ok, 'timed-out': exitCode.timedOut, failed: exitCode.permanent }[result];
}
