import { spawnSync } from 'node:child_process';
import { Compose } from './compose.ts';
import { checkout, forgetProject } from './project.ts';

/** Stops and removes the containers of this checkout's pod; with `all` also volumes and images. False if there were none. */
export function stopContainers({ all }: { readonly all: boolean }): boolean {
  const compose = new Compose();
  if (all) forgetProject(checkout);
  const { containers, volumes, images } = compose;
  if (containers.length === 0 && !(all && volumes.length + images.length > 0)) return false;
  const since = performance.now();
  const args = ['compose', '--profile', '*', 'down', '--remove-orphans', ...(all ? ['--volumes'] : [])];
  const down = spawnSync('docker', args, { cwd: checkout, encoding: 'utf8', env: compose.env });
  if (down.status !== 0) throw new Error(`docker ${args.join(' ')}: ${down.stderr || down.error?.message}`);
  const seconds = ((performance.now() - since) / 1000).toFixed(1);
  if (containers.length > 0)
    console.log(
      `  ${containers.length} containers of ${compose.project} stopped and removed in ${seconds} s`,
    );
  if (all) {
    if (images.length > 0) compose.ask('image', 'rm', ...images);
    console.log(`  its data and images removed: ${[...volumes, ...images].join(', ')}`);
  } else if (volumes.length > 0) {
    console.log(`  its data is kept: ${volumes.join(', ')} (make clean removes it)`);
  }
  return true;
}

/** Whether containers of this checkout's pod exist. */
export function hasContainers(): boolean {
  return new Compose().containers.length > 0;
}
