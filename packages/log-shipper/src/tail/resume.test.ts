import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fileClockTick, lines, scene } from '../../testing/scene.ts';

describe('the catalog after a restart', () => {
  it('goes on in the same file, in a renamed one and in a copy; begins again in a reused inode', async () => {
    await using at = await scene('{same,renamed,copied,reused}.log');
    for (const name of ['same', 'renamed', 'copied', 'reused'])
      at.write(`${name}.log`, `${name}\n${lines(0, 10)}`);
    await at.look();
    for (const generation of at.generations()) await at.ship(generation, 50);
    const resume = await at.restart();
    renameSync(at.path('renamed.log'), at.path('renamed.log.1'));
    copyFileSync(at.path('copied.log'), at.path('copied.log.1'));
    truncateSync(at.path('copied.log'));
    writeFileSync(at.path('reused.log'), `other\n${lines(50, 100)}`);
    await resume();
    const offsets = at
      .generations()
      .map(
        ({ file, path, positions }) =>
          `${file.split('/').at(-1)} in ${path.split('/').at(-1)}: ${positions.get('sink')?.offset ?? 0}`,
      );
    expect(offsets.sort()).toEqual([
      'copied.log in copied.log.1: 50',
      'copied.log in copied.log: 0',
      'renamed.log in renamed.log.1: 50',
      'reused.log in reused.log: 0',
      'same.log in same.log: 50',
    ]);
  });

  it.each(['a.log', 'a.log*'])(
    'goes on in files of %s that were empty, have been filled and rotated',
    async (glob) => {
      await using at = await scene(glob);
      at.write('a.log', '');
      await at.look();
      renameSync(at.path('a.log'), at.path('a.log.1'));
      at.write('a.log', '');
      await at.look();
      const resume = await at.restart();
      await fileClockTick();
      at.append('a.log.1', lines(0, 10));
      at.append('a.log', lines(10, 20));
      renameSync(at.path('a.log.1'), at.path('a.log.2'));
      renameSync(at.path('a.log'), at.path('a.log.1'));
      await fileClockTick();
      at.write('a.log', lines(30, 30));
      await resume();
      expect(at.shown()).toEqual(['a.log in a.log.2: 140', 'a.log in a.log.1: 300', 'a.log in a.log: 450']);
    },
  );

  it.each(['a.log', 'a.log*'])(
    'finds the copy of %s that was empty, and was filled and truncated',
    async (glob) => {
      await using at = await scene(glob);
      at.write('a.log', '');
      await at.look();
      const resume = await at.restart();
      await fileClockTick();
      at.append('a.log', lines(0, 10));
      copyFileSync(at.path('a.log'), at.path('a.log.1'));
      truncateSync(at.path('a.log'));
      await fileClockTick();
      at.append('a.log', lines(10, 20));
      await resume();
      await at.look();
      expect(at.shown()).toEqual(['a.log in a.log.1: 140', 'a.log in a.log: 300']);
    },
  );

  it('does not take another file for one that was empty and is gone, if it has its inode', async () => {
    await using at = await scene('{a,b}.log');
    at.write('a.log', '');
    await at.look();
    const resume = await at.restart();
    renameSync(at.path('a.log'), at.path('b.log'));
    at.append('b.log', lines(0, 10));
    await resume();
    expect(at.shown()).toEqual(['b.log in b.log: 140']);
  });

  it('does not take a file with the same content for one that is gone', async () => {
    await using at = await scene('{a,b}.log');
    at.write('a.log', lines(0, 100));
    at.write('b.log', lines(0, 100));
    await at.look();
    await at.ship(at.generations()[0], 700);
    await at.ship(at.generations()[1], 75);
    const resume = await at.restart();
    rmSync(at.path('a.log'));
    await resume();
    expect(at.shown()).toEqual(['b.log in b.log: 1490']);
    expect(at.generations()[0]?.positions.get('sink')?.offset).toBe(75);
  });

  it.each<[string, (path: string) => void]>([
    ['was deleted', (path) => rmSync(path)],
    ['was moved to another folder', (path) => renameSync(path, path.replace('a.log', 'old/a.log'))],
    ['was rotated out of existence', (path) => rmSync(path)],
  ])('reads a new log that begins as the old one did from its start, if that %s', async (how, remove) => {
    await using at = await scene('a.log');
    mkdirSync(at.path('old'));
    at.write('a.log', 'starting\nready\n');
    await at.look();
    await at.read();
    const resume = await at.restart();
    await fileClockTick();
    remove(at.path('a.log'));
    if (how.includes('rotated')) at.write('a.log.1', 'starting\nready\nfirst\n');
    at.write('a.log', 'starting\nready\nserving\n');
    await resume();
    const before = how.includes('rotated') ? 'starting\nready\nfirst\n' : '';
    expect(await at.read()).toBe(`${before}starting\nready\nserving\n`);
  });

  it('knows a copy that is being made over an older one for what it is, before it has a byte', async () => {
    await using at = await scene('a.log*');
    at.write('a.log', lines(0, 10));
    await at.look();
    copyFileSync(at.path('a.log'), at.path('a.log.1'));
    truncateSync(at.path('a.log'));
    await at.look();
    await at.look();
    expect(await at.read()).toBe(lines(0, 10));
    const resume = await at.restart({ looks: false });
    await fileClockTick();
    truncateSync(at.path('a.log.1'));
    await resume();
    at.append('a.log.1', lines(10, 10));
    await at.look();
    await at.look();
    expect(await at.read()).toBe(lines(10, 10));
    truncateSync(at.path('a.log'));
    await fileClockTick();
    at.append('a.log', lines(20, 20));
    await at.look();
    await at.look();
    expect(at.shown()).toEqual(['a.log in a.log.1: 150', 'a.log in a.log: 300']);
    expect(await at.read()).toBe(lines(20, 20));
  });

  it('goes on in a copy that is as old as the original, as of a volume that was moved', async () => {
    await using at = await scene('a.log');
    at.write('a.log', lines(0, 10));
    await at.look();
    await at.read();
    const resume = await at.restart();
    execFileSync('cp', ['-p', at.path('a.log'), at.path('b')]);
    renameSync(at.path('b'), at.path('a.log'));
    await resume();
    expect(await at.read()).toBe('');
  });

  it('knows the sizes of all generations before anything is read', async () => {
    await using at = await scene('a.log*');
    at.write('a.log', lines(0, 10));
    await at.look();
    renameSync(at.path('a.log'), at.path('a.log.1'));
    at.write('a.log', lines(10, 20));
    await at.look();
    const resume = await at.restart({ looks: false });
    await resume();
    expect(at.shown()).toEqual(['a.log in a.log.1: 140', 'a.log in a.log: 300']);
  });

  it('finds what was rotated away twice meanwhile, in its order', async () => {
    await using at = await scene('a.log');
    at.write('a.log', lines(0, 10));
    await at.look();
    await at.ship(at.generations()[0], 70);
    const resume = await at.restart();
    renameSync(at.path('a.log'), at.path('a.log.2'));
    await fileClockTick();
    at.write('a.log.1', lines(10, 20));
    at.write('a.log', lines(30, 30));
    await resume();
    expect(at.shown()).toEqual(['a.log in a.log.2: 140', 'a.log in a.log.1: 300', 'a.log in a.log: 450']);
    expect(at.generations()[0]?.positions.get('sink')?.offset).toBe(70);
  });
});
