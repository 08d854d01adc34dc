import { parentPort, workerData } from 'node:worker_threads';

/** The thread of view-load.ts: four clients that each send the next request after an answer. */
const failed: string[] = [];
let acknowledged = 0;
let isStopping = false;
parentPort?.once('message', () => {
  isStopping = true;
});

async function client(): Promise<void> {
  while (!isStopping) {
    try {
      const response = await fetch(workerData, { method: 'POST', signal: AbortSignal.timeout(30_000) });
      const body = await response.text();
      if (response.ok) acknowledged += 1;
      else failed.push(`${response.status} ${body}`);
    } catch (error) {
      failed.push(String(error));
    }
  }
}

await Promise.all([client(), client(), client(), client()]);
parentPort?.postMessage({ acknowledged, failed });
