import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Container, containers, type PodLayout } from './containers.ts';
import { fingerprint, hold } from './launch.ts';
import { isRunning } from './process-id.ts';
import { stillAnswers, untilReady } from './ready.ts';
import { type PodProcess, type PodState, StartingState } from './state.ts';
import { stop } from './stop.ts';

export interface Started {
  readonly state: PodState;
  /** Names of the containers started by this call. */
  readonly started: readonly string[];
}

/**
 * Starts the missing containers of a pod, in the kubelet's order, and resolves when all are ready. They keep running.
 * Without an earlier state all are missing.
 * @throws PortTaken, or an Error with the reason; parts of the pod may run then
 */
export async function startMissing(
  layout: PodLayout,
  former: PodState | undefined,
  stopping: AbortSignal,
): Promise<Started> {
  for (const part of ['log', 'var/log/app', 'state', 'shipped'])
    mkdirSync(join(layout.folder, part), { recursive: true });
  const pod = new StartingState(layout.folder, former ?? nothingOf(layout));
  const started: string[] = [];
  for (const [index, container] of containers(layout).entries()) {
    const { name } = container;
    const earlier = pod.find(name);
    const missing = await whyMissing(container, earlier, stopping);
    stopping.throwIfAborted();
    if (missing === undefined) continue;
    if (former !== undefined) console.log(`  ${name.padEnd(18)} ${missing}: starting it`);
    if (earlier !== undefined) await stop(earlier);
    container.prepare?.();
    await start(container, { pod, folder: layout.folder, order: index + 1, stopping });
    started.push(name);
  }
  return { state: pod.state, started };
}

interface Place {
  readonly pod: StartingState;
  readonly folder: string;
  readonly order: number;
  readonly stopping: AbortSignal;
}

/** Starts one container. Records it before its program runs, so a kill of this process cannot lose it. */
async function start(container: Container, { pod, folder, order, stopping }: Place): Promise<void> {
  const { name, ports } = container;
  const mark = fingerprint(container);
  const held = hold(container, folder);
  const { pid, start, log } = held;
  const process = { name, pid, start, ports, log, order, fingerprint: mark, wasReady: false };
  pod.put(process);
  held.release();
  await untilReady(container, held, stopping);
  if (container.ready.when === 'it has ended') pod.drop(name);
  else pod.put({ ...process, wasReady: true });
}

function nothingOf({ ports }: PodLayout): PodState {
  return {
    startedAt: new Date().toISOString(),
    url: `http://127.0.0.1:${ports.http}`,
    ports,
    processes: [],
    redis: { host: '127.0.0.1', port: ports.upstream },
  };
}

/** The reason to start a container; undefined if it runs. */
async function whyMissing(
  container: Container,
  earlier: PodProcess | undefined,
  stopping: AbortSignal,
): Promise<string | undefined> {
  const { ready } = container;
  // an init container in the state was not waited for until it ended
  if (ready.when === 'it has ended')
    return earlier === undefined && existsSync(ready.leaving) ? undefined : 'has not run';
  if (earlier === undefined || !earlier.wasReady) return 'was not started';
  if (!isRunning(earlier)) return 'has ended';
  if (earlier.fingerprint !== fingerprint(container)) return 'has changed';
  return (await stillAnswers(container, earlier, stopping)) ? undefined : 'does not answer';
}
