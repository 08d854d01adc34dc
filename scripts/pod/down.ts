import { existsSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { claim } from './claim.ts';
import { ignoreLostTerminal } from './signals.ts';
import { podFolder, readState } from './state.ts';
import { stopPod } from './stop.ts';
import { shown } from './tell.ts';

/** `make down` for processes: stops the pod, even while it starts. Keeps its data, except with `--all`. */
async function main(): Promise<void> {
  ignoreLostTerminal();
  const folder = resolve(podFolder());
  if (!existsSync(folder)) return console.log('No pod runs here.');
  using claimed = await claim(folder, 'down');
  const isThere = readState(folder) !== undefined;
  if (isThere) await stopPod(folder);
  else if (!claimed.hasWaited) console.log('No pod runs here.');
  const data = "Redis' data, the logs and the shipped records";
  if (process.argv.includes('--all')) {
    rmSync(folder, { recursive: true });
    console.log(`Removed ${shown(folder)}: ${data}.`);
  } else if (isThere) console.log(`${data} stay in ${shown(folder)}: make clean removes them.`);
}

await main().catch((error: unknown) => {
  console.error(`make down: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
});
