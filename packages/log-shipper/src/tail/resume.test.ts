import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fileClockTick, lines, scene } from '../../testing/scene.ts';

describe('the catalog after a restart', () => {
  it('continues in the same file, a renamed one and a copy, and starts anew in a reused inode', async () => {
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
    'continues in files of %s that were empty, then filled and rotated',
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
    'finds the copy of %s that was empty, then filled and truncated',
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

  it('does not mistake another file with the same inode for an empty one that is gone', async () => {
    await using at = await scene('{a,b}.log');
    at.write('a.log', '');
    await at.look();
    const resume = await at.restart();
    renameSync(at.path('a.log'), at.path('b.log'));
    at.append('b.log', lines(0, 10));
    await resume();
    expect(at.shown()).toEqual(['b.log in b.log: 140']);
  });

  it('does not mistake a file with the same content for one that is gone', async () => {
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
  ])('reads a new log with the same beginning from its start if the old one %s', async (how, remove) => {
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

  it('recognizes a copy that overwrites an older one, even while it is empty', async () => {
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

  it("continues in a copy with the original's times, such as on a moved volume", async () => {
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

  it('knows the sizes of all generations before the first read', async () => {
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

  it('finds a log that was rotated twice meanwhile, in order', async () => {
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
