import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { isRunning, type ProcessId, signal } from './process-id.ts';
import { readState, stateFile } from './state.ts';

/** A container's drain (20 s) plus a margin; then it is killed, as by the kubelet. */
const graceMs = 25_000;

/** Stops the pod's processes one by one, web first and Redis last; prints how each ended, and removes the state. */
export async function stopPod(folder: string): Promise<void> {
  const latestFirst = [...(readState(folder)?.processes ?? [])].sort((a, b) => b.order - a.order);
  for (const process of latestFirst) console.log(`  ${process.name.padEnd(18)} ${await stop(process)}`);
  rmSync(stateFile(folder), { force: true });
}

/** Stops a process and returns how it ended. */
export async function stop(stopped: ProcessId): Promise<string> {
  if (!isRunning(stopped)) return 'was not running';
  const since = performance.now();
  const seconds = () => ((performance.now() - since) / 1000).toFixed(2);
  signal(stopped, 'SIGTERM');
  while (performance.now() - since < graceMs) {
    if (!isRunning(stopped)) return `stopped in ${seconds()} s`;
    await delay(10);
  }
  signal(stopped, 'SIGKILL');
  return `killed: had not stopped after ${graceMs / 1000} s`;
}
