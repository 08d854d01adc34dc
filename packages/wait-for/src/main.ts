import { exitCode, onStopSignals } from '@pod-patterns/kit';
import { readCommandLine } from './command-line.ts';
import { end } from './exec/end.ts';
import { Files } from './probe/files.ts';
import { describeFault } from './report/fault.ts';
import { say } from './report/stderr.ts';
import { type Machine, obey } from './run.ts';
import { realClock as clock } from './schedule/clock.ts';

const files = new Files();
const { stopping } = onStopSignals((code) => end(code, files.isHeld));
const faults = Promise.withResolvers<never>();
process.on('uncaughtException', faults.reject);
const machine: Machine = { files, clock, stopping, faults: faults.promise, env: { ...process.env } };
void main();

async function main(): Promise<never> {
  try {
    const line = readCommandLine({ ...machine, argv: process.argv.slice(2) });
    return end(await Promise.race([obey(line, machine), machine.faults]), files.isHeld);
  } catch (fault) {
    say(describeFault(fault));
    return end(exitCode.internal, files.isHeld);
  }
}
