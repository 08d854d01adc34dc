import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { probe } from '@pod-patterns/kit';
import type { Container } from './containers.ts';
import type { Held } from './launch.ts';
import { isRunning, type ProcessId } from './process-id.ts';

const readyWithinMs = 30_000;
/** A running container may be reconnecting to one that was just started again. */
const answerWithinMs = 10_000;

/** Another program has taken a port that was free. */
export class PortTaken extends Error {}

/**
 * Waits until a container that was just started is ready.
 * @throws PortTaken, or an Error with the reason
 */
export async function untilReady(
  { name, ready }: Container,
  process: Held,
  stopping: AbortSignal,
): Promise<void> {
  if (ready.when === 'it has ended') {
    // it has a deadline of its own
    while (process.exitCode === undefined) await delay(10, undefined, { signal: stopping });
    if (process.exitCode !== 0) throw hasEnded(name, process);
    return;
  }
  const ask = async () => {
    // its log first: before that, another program may answer on its port; afterwards none can
    if (!logOf(process).includes(ready.text)) return 'still starting';
    return faultOf(ready.adminPort);
  };
  const fault = await lastFault({ process, withinMs: readyWithinMs, stopping }, ask);
  if (!isRunning(process)) throw hasEnded(name, process);
  if (fault !== undefined)
    throw new Error(`${name} is not ready after ${readyWithinMs / 1000} s (${fault}): see ${process.log}`);
}

/** Whether a container is ready that was ready before, and so keeps its ports while it runs. */
export async function stillAnswers(
  { ready }: Container,
  process: ProcessId,
  stopping: AbortSignal,
): Promise<boolean> {
  const ask = () => faultOf(ready.when === 'it has said' ? ready.adminPort : undefined);
  const fault = await lastFault({ process, withinMs: answerWithinMs, stopping }, ask);
  return fault === undefined && isRunning(process);
}

interface Patience {
  readonly process: ProcessId;
  readonly withinMs: number;
  readonly stopping: AbortSignal;
}

/** Asks until there is no fault, the process has ended, or the time is over. */
async function lastFault(
  { process, withinMs, stopping }: Patience,
  ask: () => Promise<string | undefined>,
): Promise<string | undefined> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const fault = await ask();
    if (fault === undefined || !isRunning(process) || performance.now() > deadline) return fault;
    await delay(20, undefined, { signal: stopping });
  }
}

/** The fault that an admin port reports, if any. */
async function faultOf(adminPort: number | undefined): Promise<string | undefined> {
  return adminPort === undefined ? undefined : probe({ host: '127.0.0.1', port: adminPort }, '/readyz');
}

function hasEnded(name: string, process: Held): Error {
  const log = logOf(process);
  const message = `${name} has ended: ${log.trimEnd().split('\n').at(-1)}`;
  // our wording, and that of Redis
  const isPortTaken = /cannot listen on .*EADDRINUSE|Failed listening on/.test(log);
  return isPortTaken ? new PortTaken(message) : new Error(message);
}

function logOf({ log, logFrom }: Held): string {
  return readFileSync(log).subarray(logFrom).toString();
}
