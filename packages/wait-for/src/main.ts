import { onStopSignals } from '@pod-patterns/kit';
import { readCommandLine } from './command-line.ts';
import { end } from './exec/end.ts';
import { Files } from './probe/files.ts';
import { type Machine, obey } from './run.ts';
import { realClock as clock } from './schedule/clock.ts';

const files = new Files();
const { stopping } = onStopSignals((code) => end(code, files.isHeld));
const machine: Machine = { files, clock, stopping, env: { ...process.env } };
void main();

async function main(): Promise<never> {
  const line = readCommandLine({ ...machine, argv: process.argv.slice(2) });
  return end(await obey(line, machine), files.isHeld);
}
