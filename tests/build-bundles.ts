import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Vitest's global set-up for suites that run bundles: builds them from the sources under test. */
export function setup(): void {
  const root = join(import.meta.dirname, '..');
  const built = spawnSync(process.execPath, ['scripts/build.ts'], { cwd: root, encoding: 'utf8' });
  if (built.status !== 0) throw new Error(built.stderr);
}
