import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { bundle, mayBeMissing } from '../../scripts/bundle.ts';
import { bundleOf, programs, root } from './programs.ts';

interface LockedPackage {
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly optional?: boolean;
}
const lockfile: { packages: Readonly<Record<string, LockedPackage>> } = JSON.parse(
  readFileSync(join(root, 'package-lock.json'), 'utf8'),
);
const isEverywhere = (path: string) => {
  const { dev = false, devOptional = false, optional = false } = lockfile.packages[path] ?? {};
  return !dev && !devOptional && !optional;
};

describe.each(programs)('the bundle of %s', (name) => {
  it('contains nothing from optional packages', async () => {
    using folder = tempDir();
    const { inputs } = await bundle(root, `packages/${name}/src/main.ts`, folder.file(`${name}.js`));
    const paths = Object.keys(inputs).flatMap(
      (file) => file.match(/^.*node_modules\/(@[^/]+\/)?[^/]+/)?.[0] ?? [],
    );
    expect(paths.length).toBeGreaterThan(10);
    expect(new Set(paths.filter((path) => !isEverywhere(path)))).toEqual(new Set());
    // a package that is missing here may be installed elsewhere
    const left = Object.values(inputs).flatMap(({ imports }) => imports.filter(({ external }) => external));
    const unknown = left.filter(({ path }) => !isBuiltin(path) && path !== '<runtime>');
    expect(unknown.filter(({ path }) => !mayBeMissing.includes(path))).toEqual([]);
  });
});

it('a bundle has the same bytes in another folder, without the optional packages and with them', () => {
  using folder = tempDir();
  const copy = folder.file('another place');
  const installed = Object.keys(lockfile.packages).filter(
    (path) =>
      path.startsWith('node_modules/') && (isEverywhere(path) || path.startsWith('node_modules/@esbuild/')),
  );
  const sources = programs
    .concat('kit')
    .flatMap((name) => [`packages/${name}/src`, `packages/${name}/package.json`]);
  for (const path of ['package.json', 'scripts', ...sources, ...installed]) {
    // workspace links lead to the copy's own folders
    if (existsSync(join(root, path)))
      cpSync(join(root, path), join(copy, path), { recursive: true, verbatimSymlinks: true });
  }
  const ours = programs.map((name) => readFileSync(join(root, bundleOf(name)), 'utf8'));
  const build = () => {
    const built = spawnSync(process.execPath, [join(copy, 'scripts/build.ts')], {
      cwd: folder.path,
      encoding: 'utf8',
    });
    expect(built).toMatchObject({ status: 0, stderr: '' });
    return programs.filter((name, index) => readFileSync(join(copy, bundleOf(name)), 'utf8') !== ours[index]);
  };
  expect(build()).toEqual([]);
  for (const name of mayBeMissing) {
    const path = join(copy, 'node_modules', name);
    expect(existsSync(path)).toBe(false);
    mkdirSync(join(path, 'build/Release'), { recursive: true });
    writeFileSync(join(path, 'package.json'), JSON.stringify({ name, main: 'index.js' }));
    writeFileSync(join(path, 'index.js'), `module.exports = require('./build/Release/native.node');`);
    writeFileSync(join(path, 'build/Release/native.node'), 'a native part');
  }
  expect(build()).toEqual([]);
  // writes and builds two installations
}, 300_000);
