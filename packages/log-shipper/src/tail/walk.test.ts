import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { systemCode } from '@pod-patterns/kit';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { unprivileged } from '@pod-patterns/kit/testing/unprivileged';
import { describe, expect, it } from 'vitest';
import { Fence } from './fence.ts';
import { compileGlob } from './glob.ts';
import { walk } from './walk.ts';

function folder() {
  const dir = tempDir();
  for (const path of ['a/b', 'a/.hidden', 'link-target']) mkdirSync(dir.file(path), { recursive: true });
  for (const path of [
    'x.log',
    'y.log',
    'z.txt',
    'a/x.log',
    'a/b/x.log',
    'a/.hidden/x.log',
    'link-target/x.log',
  ])
    writeFileSync(dir.file(path), path);
  return dir;
}

async function find(glob: string, root: string) {
  const globs = compileGlob(`${root}/${glob}`);
  const fence = await Fence.around(globs, { followLinks: false, own: [] });
  const { files, folders, problems } = await walk(globs, fence);
  const relative = (paths: Iterable<string>) =>
    [...paths].map((path) => path.replace(`${root}/`, '').replace(root, '.'));
  return {
    files: relative(files.keys()),
    folders: relative(folders),
    problems: [...problems.values()].map(systemCode),
  };
}

describe('walk', () => {
  it('reports patterns without a match, and names that are not UTF-8', async () => {
    using dir = folder();
    const bad = Buffer.concat([Buffer.from(`${dir.path}/bad-`), Buffer.from([0xff]), Buffer.from('.log')]);
    writeFileSync(bad, 'text');
    const globs = ['*.log', 'a/**', '*.none', 'a'].flatMap((glob) => compileGlob(`${dir.path}/${glob}`));
    const fence = await Fence.around(globs, { followLinks: false, own: [] });
    const { unmatched, problems } = await walk(globs, fence);
    expect(unmatched).toEqual([`${dir.path}/*.none`, `${dir.path}/a`]);
    expect([...problems].map(([path, error]) => [path, systemCode(error)])).toEqual([
      [`${dir.path}/bad-\ufffd.log`, 'name_not_utf8'],
    ]);
  });

  it.each([
    ['*.log', ['x.log', 'y.log'], ['.']],
    ['x.log', ['x.log'], ['.']],
    ['a/*.log', ['a/x.log'], ['a']],
    ['*/*.log', ['a/x.log', 'link-target/x.log'], ['.', 'a', 'link-target']],
    [
      '**/*.log',
      ['a/b/x.log', 'a/x.log', 'link-target/x.log', 'x.log', 'y.log'],
      ['.', 'a', 'a/b', 'link-target'],
    ],
    ['nothing.log', [], ['.']],
  ])('finds %s', async (glob, files, folders) => {
    using dir = folder();
    const found = await find(glob, dir.path);
    expect({ ...found, folders: found.folders.sort() }).toEqual({
      files,
      folders: folders.sort(),
      problems: [],
    });
  });

  it('follows links to files and to folders, but not for **', async () => {
    using dir = folder();
    symlinkSync('x.log', dir.file('current'));
    symlinkSync('link-target', dir.file('linked'));
    symlinkSync('.', dir.file('a/loop'));
    symlinkSync('gone', dir.file('broken.log'));
    expect((await find('current', dir.path)).files).toEqual(['current']);
    expect((await find('linked/*.log', dir.path)).files).toEqual(['linked/x.log']);
    expect((await find('**/x.log', dir.path)).files).toEqual([
      'a/b/x.log',
      'a/x.log',
      'link-target/x.log',
      'x.log',
    ]);
    expect(await find('*.log', dir.path)).toMatchObject({ files: ['x.log', 'y.log'], problems: [] });
  });

  it('reports a missing named folder, and watches its nearest ancestor', async () => {
    using dir = folder();
    expect(await find('not/there/*.log', dir.path)).toEqual({
      files: [],
      folders: ['.'],
      problems: ['ENOENT'],
    });
    // after a wildcard, the folder may be missing
    expect((await find('*/logs/*.log', dir.path)).problems).toEqual([]);
  });

  it('reports a file in place of a folder', async () => {
    using dir = folder();
    expect(await find('x.log/*.log', dir.path)).toMatchObject({ files: [] });
  });

  it('reports unreadable folders, and finds the rest', async () => {
    using dir = folder();
    chmodSync(dir.file('a'), 0);
    try {
      expect(await unprivileged(dir.path, () => find('*/*.log', dir.path))).toMatchObject({
        files: ['link-target/x.log'],
        problems: ['EACCES'],
      });
    } finally {
      chmodSync(dir.file('a'), 0o755);
    }
  });

  it('does not return folders, pipes and vanishing names as files', async () => {
    using dir = folder();
    mkdirSync(dir.file('folder.log'));
    rmSync(dir.file('y.log'));
    expect((await find('*.log', dir.path)).files).toEqual(['x.log']);
  });
});
