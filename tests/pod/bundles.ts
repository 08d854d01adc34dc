import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Bundles all programs, as `make up` does before it starts the pod. */
export function buildBundles(): void {
  const root = join(import.meta.dirname, '../..');
  const ran = spawnSync(process.execPath, ['scripts/build.ts'], { cwd: root, encoding: 'utf8' });
  if (ran.status !== 0) throw new Error(ran.stderr);
}
