import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isRunning, type ProcessId, signal, startOf } from './process-id.ts';

type Verb = 'up' | 'down';
interface Claim extends ProcessId {
  readonly verb: Verb;
}

export interface Claimed extends Disposable {
  readonly hasWaited: boolean;
}

/** Exceeds the slowest start plus stop. */
const longestMs = 180_000;

/**
 * Waits until no other `make up` or `make down` works on the pod, and makes others wait until disposed. `down` asks a
 * running start to end. Each process claims before it looks, so two can never both continue.
 */
export async function claim(folder: string, verb: Verb, stopping?: AbortSignal): Promise<Claimed> {
  const claims = join(folder, 'claims');
  const mine = join(claims, nameOf({ verb, pid: process.pid, start: startOf(process.pid) ?? 0 }));
  const deadline = performance.now() + longestMs;
  const told = new Set<number>();
  for (;;) {
    mkdirSync(claims, { recursive: true });
    writeFileSync(mine, '');
    const [other] = runningClaims(claims);
    const withdraw = () => rmSync(mine, { force: true });
    if (other === undefined) return { hasWaited: told.size > 0, [Symbol.dispose]: withdraw };
    withdraw();
    if (performance.now() > deadline) {
      throw new Error(`make ${other.verb} (pid ${other.pid}) has been working on this pod for 3 minutes`);
    }
    if (!told.has(other.pid)) meet(other, verb);
    told.add(other.pid);
    // random, or two processes would look at the same time again
    await delay(20 + 60 * Math.random(), undefined, stopping && { signal: stopping });
  }
}

/** Whether a `make up` or `make down` works on the pod. */
export function isClaimed(folder: string): boolean {
  const claims = join(folder, 'claims');
  return existsSync(claims) && runningClaims(claims).length > 0;
}

function meet(other: Claim, verb: Verb): void {
  const isToEnd = verb === 'down' && other.verb === 'up';
  const what = isToEnd ? 'stopping it' : 'waiting for it to end';
  console.log(`make ${other.verb} (pid ${other.pid}) is working on this pod: ${what}`);
  if (!isToEnd) return;
  signal(other, 'SIGTERM');
  // a process suspended in its terminal (Ctrl-Z) would not get the signal
  signal(other, 'SIGCONT');
}

/** Claims of other processes; removes those of processes that have ended. */
function runningClaims(claims: string): Claim[] {
  return readdirSync(claims).flatMap((name) => {
    const claim = readName(name);
    if (claim.pid === process.pid) return [];
    if (isRunning(claim)) return [claim];
    rmSync(join(claims, name), { force: true });
    return [];
  });
}

function nameOf({ verb, pid, start }: Claim): string {
  return `${verb}-${pid}-${start}`;
}

function readName(name: string): Claim {
  const [verb, pid, start] = name.split('-');
  return { verb: verb === 'up' ? 'up' : 'down', pid: Number(pid), start: Number(start) };
}
