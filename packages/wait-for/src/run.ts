import { aborted, exitCode } from '@pod-patterns/kit';
import type { CommandLine, Job } from './command-line.ts';
import { start } from './exec/start.ts';
import { makeTidy } from './exec/tidy.ts';
import { explainAll, explanationText } from './explain/explain.ts';
import type { Surroundings } from './probe/attempt.ts';
import type { Files } from './probe/files.ts';
import { Turns } from './probe/turns.ts';
import { describeFault } from './report/fault.ts';
import { leave } from './report/leave.ts';
import { Reporter, report } from './report/reporter.ts';
import { say, tell } from './report/stderr.ts';
import type { Clock } from './schedule/clock.ts';
import { type Ended, waitForAll } from './schedule/wait.ts';

/** Dependencies of a run on the machine. */
export interface Machine {
  readonly files: Files;
  readonly clock: Clock;
  /** As it was given. */
  readonly env: NodeJS.ProcessEnv;
  /** Aborts when the user stops it, with the name of the signal. */
  readonly stopping: AbortSignal;
  /** Rejects with an uncaught error. */
  readonly faults: Promise<never>;
}

/** Carries out a command line and returns its exit code. */
export async function obey(reading: Promise<CommandLine>, machine: Machine): Promise<number> {
  const line = await unlessStopped(reading, machine);
  if (line === undefined) return stopCode(machine);
  if (line.type === 'job') return work(line.job, machine);
  if (line.type === 'answer') {
    process.stdout.write(line.text);
    return exitCode.ok;
  }
  for (const fault of line.faults) tell(fault);
  return line.exitCode;
}

async function work(job: Job, machine: Machine): Promise<number> {
  if (job.options.explain) return (await unlessStopped(explain(job, machine), machine)) ?? stopCode(machine);
  try {
    return await Promise.race([wait(job, machine), machine.faults]);
  } catch (fault) {
    const text = describeFault(fault);
    say(text);
    const { files, clock } = machine;
    await leave([{ option: 'termination-log', path: job.options.terminationLog, text }], files, clock);
    return exitCode.internal;
  }
}

async function wait(job: Job, machine: Machine): Promise<number> {
  const { options, wanted, command } = job;
  const { clock, stopping } = machine;
  using reporter = new Reporter({
    wanted,
    format: options.format,
    isQuiet: options.quiet,
    clock,
    write: say,
  });
  const ended = await waitForAll(
    wanted,
    {
      clock,
      random: Math.random,
      surroundings: surroundingsOf(job, machine),
      probe: (target, attempt) => target.probe(attempt),
      isStrict: options.strict,
      isOnce: options.once,
      tidy: makeTidy(),
      changed: (one, progress) => reporter.changed(one, progress),
    },
    { timeoutMs: options.timeout, stopping },
  );
  const isCommandNext = ended.result === 'ready' && command.length > 0;
  const legacies = [
    // the command writes its own termination log
    {
      option: 'termination-log',
      path: isCommandNext ? undefined : options.terminationLog,
      text: reporter.summary(ended),
    },
    { option: 'report', path: options.report, text: report(ended) },
  ];
  await leave(legacies, machine.files, clock);
  return isCommandNext ? become(command, machine) : exitCodeOf(ended, machine);
}

/** Becomes the command; returns an exit code only if it cannot be started. */
function become(command: readonly string[], { env }: Machine): number {
  const { exitCode: code, message } = start(command, env, tell);
  tell(message);
  return code;
}

async function explain(job: Job, machine: Machine): Promise<number> {
  const means = { surroundings: surroundingsOf(job, machine), clock: machine.clock };
  for (const one of await explainAll(job.wanted, means)) {
    process.stdout.write(job.options.format === 'json' ? `${JSON.stringify(one)}\n` : explanationText(one));
  }
  return exitCode.ok;
}

function surroundingsOf({ options }: Job, { files, env }: Machine): Surroundings {
  const { resolvConf, serviceAccountDir } = options;
  return { files, turns: new Turns(), resolvConf, hosts: '/etc/hosts', serviceAccountDir, env };
}

function exitCodeOf({ result }: Ended, machine: Machine): number {
  if (result === 'stopped') return stopCode(machine);
  return { ready: exitCode.ok, 'timed-out': exitCode.timedOut, failed: exitCode.permanent }[result];
}

function stopCode({ stopping }: Machine): number {
  return stopping.reason === 'SIGINT' ? 128 + 2 : 128 + 15;
}

function unlessStopped<Value>(something: Promise<Value>, { stopping }: Machine): Promise<Value | undefined> {
  return Promise.race([something, aborted(stopping).then(() => undefined)]);
}
