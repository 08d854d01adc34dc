import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { isRunning, type PodProcess, podFolder, readState, stateFile } from './state.ts';

/** As long as a container's drain (20 s) and a margin; then it is killed, as the kubelet does. */
const graceMs = 25_000;

/** Stops the pod's processes one after the other, web first and Redis last, says how each ended, and forgets the pod. */
export async function stopPod(folder: string): Promise<void> {
  const state = readState(folder);
  if (state === undefined) return;
  const latestFirst = [...state.processes].sort((a, b) => b.order - a.order);
  for (const process of latestFirst) console.log(`  ${process.name.padEnd(18)} ${await stop(process)}`);
  rmSync(stateFile(folder), { force: true });
}

async function stop(stopped: PodProcess): Promise<string> {
  if (!isRunning(stopped)) return 'was not running';
  const since = performance.now();
  const seconds = () => ((performance.now() - since) / 1000).toFixed(2);
  process.kill(stopped.pid, 'SIGTERM');
  while (performance.now() - since < graceMs) {
    if (!isRunning(stopped)) return `stopped in ${seconds()} s`;
    await delay(10);
  }
  process.kill(stopped.pid, 'SIGKILL');
  return `killed: had not stopped after ${graceMs / 1000} s`;
}

if (import.meta.main) {
  const folder = podFolder();
  if (readState(folder) === undefined) console.log('No pod runs here.');
  await stopPod(folder);
}
