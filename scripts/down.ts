import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hasContainers, stopContainers } from './compose/down.ts';
import { isClaimed } from './pod/claim.ts';
import { podFolder, stateFile } from './pod/state.ts';

/**
 * `make down`: stops the pod of this checkout, however it runs; if it runs both ways, POD chooses. With `--all`, for
 * `make clean`, it stops both, and removes the volumes and images of the containers.
 */
const pod = process.env['POD'];
const all = process.argv.includes('--all');

function main(): number {
  if (hasProcesses() && (all || pod !== 'compose')) {
    const args = [join(import.meta.dirname, 'pod/down.ts'), ...(all ? ['--all'] : [])];
    const ran = spawnSync(process.execPath, args, { stdio: 'inherit' });
    if (all) stopContainers({ all });
    else if (pod === undefined && hasContainers())
      console.log('The pod in containers keeps running: make down POD=compose stops it.');
    return ran.status ?? 1;
  }
  if (!all && pod === 'processes') console.log('No pod runs here as processes.');
  else if (!stopContainers({ all })) console.log('No pod runs here.');
  return 0;
}

/** True if processes run or are starting; for `make clean` also if they left data. */
function hasProcesses(): boolean {
  const folder = podFolder();
  return existsSync(stateFile(folder)) || isClaimed(folder) || (all && existsSync(join(folder, 'redis')));
}

try {
  process.exitCode = main();
} catch (error) {
  console.error(`make ${all ? 'clean' : 'down'}: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
