import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBinary } from '@pod-patterns/kit/testing/find-binary';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { expect, it } from 'vitest';

it('a missing Redis is reported before anything is installed or built', () => {
  using dir = tempDir();
  const clone = dir.file('a clone');
  for (const name of ['Makefile', 'package.json', 'package-lock.json', 'scripts'])
    cpSync(join(import.meta.dirname, '../..', name), join(clone, name), { recursive: true });
  const bin = dir.file('bin');
  mkdirSync(bin);
  for (const name of ['make', 'sh']) symlinkSync(findBinary(name) ?? '', join(bin, name));
  // not root, so nothing can be installed
  writeFileSync(join(bin, 'id'), '#!/bin/sh\necho 1000\n', { mode: 0o755 });

  const ran = spawnSync(join(bin, 'make'), ['up', 'POD=processes'], {
    cwd: clone,
    env: { PATH: bin },
    encoding: 'utf8',
  });
  expect(ran.status).toBe(2);
  expect(ran.stderr).toContain(
    'the pod needs a Redis: install redis-server or valkey-server (apt-get install redis-server, brew install valkey), or start Docker',
  );
  expect(ran.stdout).toBe('');
  expect(existsSync(join(clone, 'node_modules'))).toBe(false);
});
