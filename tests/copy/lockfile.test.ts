import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const packages = readdirSync(join(root, 'packages')).filter((name) => name !== 'kit');

type Locked = Readonly<Record<string, { readonly version?: string; readonly integrity?: string }>>;

function lockedIn(folder: string): Locked {
  const lockfile: { packages: Locked } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
  return lockfile.packages;
}

describe.each(packages)('make copy PACKAGE=%s', (name) => {
  it('locks the versions of this repository without a registry', () => {
    using folder = tempDir();
    const to = folder.file(name);
    const copied = spawnSync('node', ['scripts/copy/copy.ts', name, to], {
      cwd: root,
      encoding: 'utf8',
      env: {
        ...process.env,
        // nothing was ever downloaded, and nothing can be
        npm_config_cache: folder.file('cache'),
        npm_config_registry: 'http://127.0.0.1:9',
        npm_config_fetch_retries: '0',
      },
    });
    expect(copied).toMatchObject({ status: 0, stderr: '' });
    const ours = lockedIn(root);
    const fromRegistry = Object.entries(lockedIn(to)).filter(([, { integrity }]) => integrity !== undefined);
    expect(fromRegistry.length).toBeGreaterThan(10);
    for (const [path, { version, integrity }] of fromRegistry)
      expect(ours[path], path).toMatchObject({ version, integrity });
  });
});
