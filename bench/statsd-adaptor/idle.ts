import { setTimeout as delay } from 'node:timers/promises';
import { processCost } from '../process-cost.ts';
import { median, type Row } from '../report.ts';
import { type Contestant, Running } from './contestants.ts';

const rounds = 7;

interface Idle {
  readonly startMs: number;
  readonly startCpuMs: number;
  readonly rssMiB: number;
  readonly anonymousMiB: number;
}

/** The cost of idle programs: medians of rounds in which all take turns. */
export async function measureIdle(contestants: readonly Contestant[]): Promise<Row[]> {
  const measured = contestants.map((): Idle[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [at, contestant] of contestants.entries()) measured[at]?.push(await once(contestant));
  }
  return contestants.map(({ name }, at) => {
    const figure = (read: (idle: Idle) => number) => Math.round(median((measured[at] ?? []).map(read)));
    return {
      program: name,
      'start ms': figure(({ startMs }) => startMs),
      'start CPU ms': figure(({ startCpuMs }) => startCpuMs),
      'idle RSS MiB': figure(({ rssMiB }) => rssMiB),
      'idle anonymous MiB': figure(({ anonymousMiB }) => anonymousMiB),
    };
  });
}

async function once(contestant: Contestant): Promise<Idle> {
  await using running = await Running.start(contestant);
  const startCpuMs = processCost(running.pid).cpuSeconds * 1000;
  await delay(1000);
  const { rssMiB, anonymousMiB } = processCost(running.pid);
  return { startMs: running.startMs, startCpuMs, rssMiB, anonymousMiB };
}
