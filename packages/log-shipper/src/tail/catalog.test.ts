import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fileClockTick, lines, scene } from '../../testing/scene.ts';

describe('Catalog', () => {
  it('distinguishes two files with the same content', async () => {
    await using at = await scene();
    at.write('a.log', lines(0, 100));
    at.write('b.log', lines(0, 100));
    await at.look();
    expect(at.shown()).toEqual(['a.log in a.log: 1490', 'b.log in b.log: 1490']);
  });

  it('recognizes a renamed file by its inode', async () => {
    await using at = await scene('*.log*');
    at.write('a.log', lines(0, 10));
    await at.look();
    renameSync(at.path('a.log'), at.path('a.log.1'));
    await at.look();
    expect(at.shown()).toEqual(['a.log in a.log.1: 140']);
  });

  it('reads the generations of a name in order, each to its end', async () => {
    await using at = await scene();
    at.write('a.log', lines(0, 10));
    await at.look();
    at.append('a.log', lines(10, 1));
    renameSync(at.path('a.log'), at.path('a.log.1'));
    at.write('a.log', lines(11, 1));
    await at.look();
    expect(at.shown()).toEqual(['a.log in a.log: 155', 'a.log in a.log: 15']);
    const [older, newer] = at.generations();
    expect([older?.next, newer?.previous]).toEqual([newer, older]);
  });

  it('finds generations that were rotated between two looks', async () => {
    await using at = await scene('a.log');
    at.write('a.log', lines(0, 10));
    await at.look();
    renameSync(at.path('a.log'), at.path('a.log.3'));
    await fileClockTick();
    at.write('a.log.2', lines(10, 20));
    await fileClockTick();
    at.write('a.log.1', lines(30, 30));
    at.write('a.log', lines(60, 40));
    await at.look();
    expect(at.generations().map(({ size }) => size)).toEqual([140, 300, 450, 600]);
    expect(new Set(at.generations().map(({ file }) => file))).toEqual(new Set([at.path('a.log')]));
  });

  it('does not take older rotated files for missed generations', async () => {
    await using at = await scene('a.log');
    at.write('a.log.1', lines(0, 10));
    await fileClockTick();
    at.write('a.log', lines(10, 10));
    await at.look();
    renameSync(at.path('a.log.1'), at.path('a.log.2'));
    renameSync(at.path('a.log'), at.path('a.log.1'));
    at.write('a.log', lines(20, 20));
    await at.look();
    expect(at.generations().map(({ size }) => size)).toEqual([150, 300]);
  });

  describe('with more files than may be open', () => {
    const names = Array.from({ length: 20 }, (_, index) => `${index}`.padStart(2, '0'));
    const many = async () => {
      const at = await scene('*.log*', 4);
      for (const name of names) at.write(`${name}.log`, `line of ${name}\n`);
      await at.look();
      expect(await at.read()).toBe(names.map((name) => `line of ${name}\n`).join(''));
      expect(at.handles.count).toBeLessThanOrEqual(4);
      return at;
    };

    it('reads them in turn, including later additions', async () => {
      await using at = await many();
      for (const name of names) at.append(`${name}.log`, `more of ${name}\n`);
      await at.look();
      expect(await at.read()).toBe(names.map((name) => `more of ${name}\n`).join(''));
    });

    it.each(['.log.1', '.old'])('finds files renamed to *%s', async (ending) => {
      await using at = await many();
      for (const name of names) {
        at.append(`${name}.log`, `last of ${name}\n`);
        renameSync(at.path(`${name}.log`), at.path(`${name}${ending}`));
        at.write(`${name}.log`, `new ${name}\n`);
      }
      await at.look();
      await at.look();
      const text = await at.read();
      for (const name of names) {
        expect(text.split('\n')).toEqual(expect.arrayContaining([`last of ${name}`, `new ${name}`]));
      }
      expect(text.split('\n')).toHaveLength(41);
    });

    it('drops deleted files', async () => {
      await using at = await many();
      for (const name of names.slice(1)) rmSync(at.path(`${name}.log`));
      await at.look();
      at.clock.nowMs += 3000;
      await at.look();
      expect(at.shown()).toEqual(['00.log in 00.log: 11']);
    });

    it('keeps the handle of a deleted file', async () => {
      await using at = await many();
      at.append('00.log', 'last\n');
      await at.look();
      rmSync(at.path('00.log'));
      for (const name of names.slice(1)) at.append(`${name}.log`, 'more\n');
      await at.look();
      expect((await at.read()).split('\n')[0]).toBe('last');
    });
  });

  it('closes files that are idle and read to their end', async () => {
    await using at = await scene('*.log');
    at.write('shipped.log', lines(0, 10));
    at.write('behind.log', lines(0, 10));
    await at.look();
    await at.ship(at.generations().find(({ file }) => file === at.path('shipped.log')));
    at.clock.nowMs += 6 * 60_000;
    await at.look();
    expect(at.generations().map(({ file, source }) => [file, source.isOpen])).toEqual([
      [at.path('behind.log'), true],
      [at.path('shipped.log'), false],
    ]);
    at.append('shipped.log', lines(10, 1));
    await at.look();
    expect(await at.read()).toBe(lines(0, 11));
  });

  it('ignores compressed files', async () => {
    await using at = await scene('*');
    writeFileSync(at.path('a.log.gz'), Buffer.from([0x1f, 0x8b, 8, 0, 0, 0]));
    await at.look();
    expect([at.generations(), at.shown()]).toEqual([[], []]);
  });

  describe('keeps a file open', () => {
    const ended = async (end: (path: string) => void, ...delaysMs: number[]) => {
      await using at = await scene('a.log');
      at.write('a.log', lines(0, 10));
      await at.look();
      end(at.path('a.log'));
      await at.look();
      const open: number[] = [];
      for (const delayMs of delaysMs) {
        at.clock.nowMs += delayMs;
        await at.look();
        open.push(at.generations().length);
        await at.ship(at.generations()[0] ?? undefined).catch(() => undefined);
      }
      return open;
    };

    it('that was deleted until it is shipped, and a moment longer', async () => {
      expect(await ended((path) => rmSync(path), 60_000, 1000, 1500)).toEqual([1, 0, 0]);
    });

    it('that was moved away until it is shipped, and longer', async () => {
      expect(await ended((path) => renameSync(path, `${path}.moved`), 10_000, 10_000, 15_000)).toEqual([
        1, 1, 0,
      ]);
    });
  });
});
