import { renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { type Need, needs } from '@pod-patterns/kit/testing/needs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { placeOf } from './place-of.ts';

async function opened() {
  const dir = tempDir();
  writeFileSync(dir.file('secret'), 'secret');
  writeFileSync(dir.file('real'), 'real');
  symlinkSync('secret', dir.file('name'));
  const handle = await open(dir.file('name'));
  return {
    ...{ dir, handle },
    async [Symbol.asyncDispose]() {
      await handle.close();
      dir[Symbol.dispose]();
    },
  };
}

const linux: Need = { name: 'Linux', isMet: process.platform === 'linux' };
const systems = [
  ['if the system reports it', '/proc/self/fd', [linux]],
  ['if the system does not report it', '/no/such/folder', []],
] as const;

describe.each(systems)('the path of an open file, %s', (_, descriptors, required) => {
  it('has all links resolved', needs(...required), async () => {
    await using at = await opened();
    const expected = await realpath(at.dir.file('secret'));
    expect(await placeOf(at.handle, at.dir.file('name'), descriptors)).toBe(expected);
  });

  it('is never that of another file that took its name', async () => {
    await using at = await opened();
    rmSync(at.dir.file('name'));
    renameSync(at.dir.file('real'), at.dir.file('name'));
    const place = await placeOf(at.handle, at.dir.file('name'), descriptors).catch(({ code }) => code);
    expect(['ENOENT', await realpath(at.dir.file('secret'))]).toContain(place);
  });
});
