import { writeSync } from 'node:fs';
import { constants } from 'node:os';
import { exitCode, onStopSignals } from '@pod-patterns/kit';
import { type Job, readCommandLine } from './command-line.ts';
import { become } from './exec/become.ts';
import { findProgram } from './exec/find-program.ts';
import { Lookups } from './probe/lookups.ts';
import { probe } from './probe/probes.ts';
import { Reporter } from './report/reporter.ts';
import { writeTerminationLog } from './report/termination-log.ts';
import { realClock } from './schedule/clock.ts';
import { type Ended, waitForAll } from './schedule/wait.ts';

const { stopping } = onStopSignals();
const job = await readCommandLine();
process.exit(await run(job));

async function run({ options, wanted, command }: Job): Promise<number> {
  using reporter = new Reporter({
    format: options.format,
    isQuiet: options.quiet,
    clock: realClock,
    write: (line) => say(line),
  });
  const ended = await waitForAll(
    wanted,
    {
      clock: realClock,
      random: Math.random,
      surroundings: {
        lookups: new Lookups(),
        resolvConf: options.resolvConf,
        serviceAccountDir: options.serviceAccountDir,
        env: process.env,
      },
      probe: (target, attempt) => probe(target.spec, attempt),
      isStrict: options.strict,
      isOnce: options.once,
      changed: (one, progress) => reporter.changed(one, progress),
    },
    { timeoutMs: options.timeout, stopping },
  );
  const summary = reporter.summary(ended);
  if (ended.result === 'ready' && command.length > 0) return start(command);
  const fault = writeTerminationLog(options.terminationLog, summary);
  if (fault !== undefined) say(`wait-for: ${options.terminationLog}: ${fault}`);
  return exitCodeOf(ended);
}

function start(command: readonly string[]): number {
  const found = findProgram(command[0] ?? '', process.env['PATH']);
  if (found.ok) become(found.file, command, process.env);
  say(`wait-for: ${found.ok ? 'this runtime cannot replace itself' : found.message}`);
  return found.ok ? exitCode.internal : found.exitCode;
}

function exitCodeOf({ result }: Ended): number {
  if (result === 'stopped') return 128 + constants.signals[stopping.reason as NodeJS.Signals]; // set by onStopSignals
  return { ready: exitCode.ok, 'timed-out': exitCode.timedOut, failed: exitCode.permanent }[result];
}

/** Written at once: `process.stderr` would cost a tenth of the start, and a replaced process flushes nothing. */
function say(line: string): void {
  writeSync(2, `${line}\n`);
}
