import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { claim } from './claim.ts';
import { choosePorts } from './ports.ts';
import { PortTaken } from './ready.ts';
import { exitCodeOf, ignoreLostTerminal, stopSignals } from './signals.ts';
import { startMissing } from './start.ts';
import { type PodState, podFolder, readState } from './state.ts';
import { stopPod } from './stop.ts';
import { tellFormer, tellNew } from './tell.ts';

/** `make up` for processes: afterwards the whole pod runs, or no part of it. */
async function main(): Promise<void> {
  ignoreLostTerminal();
  const stopping = stopSignals();
  const folder = resolve(podFolder());
  try {
    using _claimed = await claim(folder, 'up', stopping);
    try {
      await bringUp(folder, stopping);
    } catch (error) {
      await stopPod(folder);
      throw error;
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    console.error(`make up: ${stopping.aborted ? `stopped by ${stopping.reason}` : reason}`);
    process.exitCode = exitCodeOf(stopping);
  }
}

async function bringUp(folder: string, stopping: AbortSignal): Promise<void> {
  const redisServer = await findRedisServer(stopping);
  const former = readState(folder);
  if (former !== undefined) {
    try {
      const layout = { folder, redisServer, ports: former.ports };
      const { state, started } = await startMissing(layout, former, stopping);
      return tellFormer(state, started);
    } catch (error) {
      stopping.throwIfAborted();
      console.log(`${error instanceof Error ? error.message : error}\nStarting the whole pod again`);
      await stopPod(folder);
    }
  }
  tellNew(await startAll({ folder, redisServer }, stopping), folder);
}

const mostAttempts = 8;

/** Tries again with other ports if another program takes one of them. */
async function startAll(
  place: { readonly folder: string; readonly redisServer: string },
  stopping: AbortSignal,
): Promise<PodState> {
  for (let attempt = 1; ; attempt++) {
    const ports = await choosePorts({ isFirst: attempt === 1 });
    try {
      return (await startMissing({ ...place, ports }, undefined, stopping)).state;
    } catch (error) {
      if (!(error instanceof PortTaken) || attempt === mostAttempts) throw error;
      console.log(`${error.message}\nStarting again on other ports`);
      await stopPod(place.folder);
    }
  }
}

async function findRedisServer(signal: AbortSignal): Promise<string> {
  const script = join(import.meta.dirname, 'redis-server.sh');
  const { stdout } = await promisify(execFile)(script, { signal });
  return stdout.trim();
}

await main();
