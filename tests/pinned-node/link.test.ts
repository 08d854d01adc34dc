import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { needs } from '@pod-patterns/kit/testing/needs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const { optionalDependencies }: { optionalDependencies: Readonly<Record<string, string>> } = JSON.parse(
  readFileSync(join(root, 'scripts/node/package.json'), 'utf8'),
);
const pinned = Object.keys(optionalDependencies).find((name) =>
  name.endsWith(`-${process.platform}-${process.arch}`),
);

/** Runs link.cjs in a folder as if under a Node of this version. */
function link(folder: string, version: string) {
  cpSync(join(root, 'scripts/node'), join(folder, 'scripts/node'), { recursive: true });
  return spawnSync(
    process.execPath,
    ['--require', join(import.meta.dirname, 'old-node.cjs'), join(folder, 'scripts/node/link.cjs')],
    { encoding: 'utf8', env: { ...process.env, OLD_NODE: version } },
  );
}

const platform = { name: 'a pinned Node for this platform', isMet: pinned !== undefined };

it('the pinned Node of this platform becomes node_modules/.bin/node', needs(platform), () => {
  using folder = tempDir();
  const program = folder.file(`node_modules/${pinned}/bin/node`);
  mkdirSync(dirname(program), { recursive: true });
  writeFileSync(program, '');
  writeFileSync(
    folder.file(`node_modules/${pinned}/package.json`),
    JSON.stringify({ name: pinned, bin: { node: 'bin/node' } }),
  );
  // the second run finds it
  for (const _ of [1, 2]) {
    expect(link(folder.path, '18.20.8')).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(realpathSync(folder.file('node_modules/.bin/node'))).toBe(realpathSync(program));
  }
});

it("without it, the machine's own Node is enough if it is new enough", () => {
  using folder = tempDir();
  expect(link(folder.path, '24.0.0')).toMatchObject({ status: 0, stdout: '', stderr: '' });
  expect(realpathSync(folder.file('node_modules/.bin/node'))).toBe(realpathSync(process.execPath));
});

it('without either, one line says what to do', () => {
  using folder = tempDir();
  const { status, stderr } = link(folder.path, '20.19.0');
  expect(status).toBe(1);
  expect(stderr).toMatch(/^no pinned Node in node_modules, and this one is v20\.19\.0: .*\n$/);
});
