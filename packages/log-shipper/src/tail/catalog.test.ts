import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createLogger } from '@pod-patterns/kit';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { Catalog } from './catalog.ts';
import { digest, type Position } from './content.ts';
import { Fence } from './fence.ts';
import type { Generation } from './generation.ts';
import { compileGlob } from './glob.ts';
import { Handles } from './handles.ts';
import { Problems } from './problems.ts';
import type { Remembered } from './resume.ts';
import { walk } from './walk.ts';

const silent = createLogger({ component: 'test', level: 'error', format: 'json' });
const lines = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => `line number ${from + index}\n`).join('');

/** Until what is written next has a later time than what was written before, also where the kernel counts in jiffies. */
const fileClockTick = () => new Promise((resolve) => setTimeout(resolve, 20));

/** A folder of real files, a catalog that looks at those that match, and a clock that the test moves. */
async function scene(glob = '*.log', most = 100) {
  const dir = tempDir();
  const clock = { nowMs: 0 };
  const globs = compileGlob(`${dir.path}/${glob}`);
  const fence = await Fence.around(globs, { followLinks: false, own: [] });
  const problems = new Problems(silent, () => undefined);
  const handles = new Handles({ fence, most, onScarce: () => undefined });
  const options = { sinks: ['sink'], log: silent, handles, problems, now: () => clock.nowMs };
  const open = () => new Catalog(options);
  let catalog = open();
  const look = async () => catalog.update(await walk(globs, fence));
  return {
    ...{ dir, clock, look, problems, handles },
    path: (name: string) => dir.file(name),
    write: (name: string, text: string) => writeFileSync(dir.file(name), text),
    append: (name: string, text: string) => appendFileSync(dir.file(name), text),
    /** What would be read: for each generation its name, where it is, and its size. */
    shown: () =>
      catalog.generations.map((generation) => {
        const { file, path, size } = generation;
        const base = (name: string) => name.replace(`${dir.path}/`, '');
        return `${base(file)} in ${base(path)}: ${generation.is('readable') || size === 0 ? size : 'held'}`;
      }),
    generations: () => catalog.generations,
    /** Notes that the sink has all of a generation up to `offset`. */
    ship: async (generation: Generation | undefined, offset = generation?.size ?? 0) => {
      if (generation === undefined) throw new Error('no such generation');
      const before = Math.min(256, offset);
      const tail = digest(await generation.source.range(offset - before, before));
      generation.positions.set('sink', { offset, parts: 0, tail } satisfies Position);
    },
    /** What a sink gets now: reads all that may be read and is not shipped yet, in order, and ships it. */
    read: async () => {
      let text = '';
      for (const generation of catalog.generations) {
        const { source, positions, size } = generation;
        if (!generation.is('readable')) continue;
        const offset = positions.get('sink')?.offset ?? 0;
        text += (await source.range(offset, size - offset)).toString();
        const before = Math.min(256, size);
        const tail = digest(await source.range(size - before, before));
        if (size > 0) positions.set('sink', { offset: size, parts: 0, tail });
      }
      return text;
    },
    /** Ends the catalog; the next one is told what this one knew. */
    restart: async ({ looks = true } = {}): Promise<() => Promise<void>> => {
      const remembered = catalog.generations.map(
        ({ seq, file, realPath, facts, known, positions, inode }): Remembered => {
          return {
            ...{ seq, file, realPath, known, positions: new Map(positions) },
            inode,
            times: facts,
          };
        },
      );
      await catalog[Symbol.asyncDispose]();
      catalog = open();
      return async () => {
        await catalog.resume(remembered, await walk(globs, fence));
        if (looks) await look();
      };
    },
    async [Symbol.asyncDispose]() {
      await catalog[Symbol.asyncDispose]();
      dir[Symbol.dispose]();
    },
  };
}

describe('Catalog', () => {
  it('keeps two files with the same content apart', async () => {
    await using at = await scene();
    at.write('a.log', lines(0, 100));
    at.write('b.log', lines(0, 100));
    await at.look();
    expect(at.shown()).toEqual(['a.log in a.log: 1490', 'b.log in b.log: 1490']);
  });

  it('knows a file by its inode, whatever its name', async () => {
    await using at = await scene('*.log*');
    at.write('a.log', lines(0, 10));
    await at.look();
    renameSync(at.path('a.log'), at.path('a.log.1'));
    await at.look();
    expect(at.shown()).toEqual(['a.log in a.log.1: 140']);
  });

  it('reads the generations of a name one after the other, the one before to its end', async () => {
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

  it('finds generations that came and went between two looks', async () => {
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

  it('does not take older rotated files for such', async () => {
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

  it('begins again after a truncation, and after a rewrite that is as long or longer', async () => {
    await using at = await scene();
    at.write('a.log', lines(10, 10));
    await at.look();
    await at.ship(at.generations()[0]);
    for (const text of [lines(20, 5), lines(30, 5), lines(40, 50)]) {
      await fileClockTick();
      at.write('a.log', text);
      // a reader that finds something else than what it has read before says so
      for (const generation of at.generations()) generation.state = { is: 'suspect' };
      await at.look();
      expect(at.shown()).toEqual([`a.log in a.log: ${text.length}`]);
      expect(at.generations()[0]?.positions.size).toBe(0);
      await at.ship(at.generations()[0]);
    }
  });

  it('goes on in the copy that was made before a truncation, then with what came after', async () => {
    await using at = await scene('a.log');
    at.write('a.log', lines(0, 10));
    await at.look();
    await at.ship(at.generations()[0], 70);
    at.append('a.log', lines(10, 10));
    copyFileSync(at.path('a.log'), at.path('a.log.1'));
    truncateSync(at.path('a.log'));
    at.append('a.log', lines(20, 1));
    await at.look();
    expect(at.shown()).toEqual(['a.log in a.log.1: 290', 'a.log in a.log: 15']);
    expect(at.generations()[0]?.positions.get('sink')?.offset).toBe(70);
  });

  it('finds the copies of two truncations that happened at the same moment', async () => {
    await using at = await scene('a.log');
    at.write('a.log', lines(0, 10));
    await at.look();
    await at.ship(at.generations()[0]);
    await fileClockTick();
    for (const count of [20, 30]) {
      if (count > 20) renameSync(at.path('a.log.1'), at.path('a.log.2'));
      copyFileSync(at.path('a.log'), at.path('a.log.1'));
      truncateSync(at.path('a.log'));
      at.append('a.log', lines(count, count));
    }
    await at.look();
    await at.look();
    expect(at.shown()).toEqual(['a.log in a.log.2: 140', 'a.log in a.log.1: 300', 'a.log in a.log: 450']);
  });

  it('finds the copy of what was written into an empty file and truncated between two looks', async () => {
    await using at = await scene('a.log');
    at.write('a.log', '');
    await at.look();
    at.append('a.log', lines(0, 10));
    copyFileSync(at.path('a.log'), at.path('a.log.1'));
    truncateSync(at.path('a.log'));
    at.append('a.log', lines(10, 20));
    await at.look();
    await at.look();
    expect(at.shown()).toEqual(['a.log in a.log.1: 140', 'a.log in a.log: 300']);
  });

  it('keeps the order when an empty file was written and rotated away with others between two looks', async () => {
    await using at = await scene('a.log');
    at.write('a.log', '');
    await at.look();
    at.append('a.log', lines(0, 10));
    renameSync(at.path('a.log'), at.path('a.log.2'));
    await fileClockTick();
    at.write('a.log.1', lines(10, 20));
    at.write('a.log', lines(30, 30));
    await at.look();
    await at.look();
    expect(at.generations().map(({ size }) => size)).toEqual([140, 300, 450]);
  });

  it('does not take another new file with the same content for the copy', async () => {
    await using at = await scene('{a,b}.log');
    at.write('a.log', lines(0, 100));
    await at.look();
    await at.ship(at.generations()[0]);
    at.write('b.log', lines(0, 100));
    truncateSync(at.path('a.log'));
    await at.look();
    expect(at.shown().sort()).toEqual(['a.log in a.log: 0', 'b.log in b.log: 1490']);
  });

  describe('when a copy of a file appears beside it', () => {
    const withCopy = async () => {
      const at = await scene('a.log*');
      at.write('a.log', lines(0, 100));
      await at.look();
      await at.ship(at.generations()[0]);
      copyFileSync(at.path('a.log'), at.path('a.log.1'));
      await at.look();
      expect(at.shown()).toEqual(['a.log in a.log: 1490', 'a.log.1 in a.log.1: held']);
      return at;
    };

    it('holds it, and reads it as the file that it is when nothing else becomes of it', async () => {
      await using at = await withCopy();
      at.clock.nowMs += 3000;
      await at.look();
      expect(at.shown()).toEqual(['a.log in a.log: 1490', 'a.log.1 in a.log.1: 1490']);
    });

    it('does not read it again when the original is truncated', async () => {
      await using at = await withCopy();
      truncateSync(at.path('a.log'));
      await at.look();
      expect(at.shown()).toEqual(['a.log in a.log.1: 1490', 'a.log in a.log: 0']);
      expect(at.generations()[0]?.positions.get('sink')?.offset).toBe(1490);
    });

    it('does not read it again when the original is deleted', async () => {
      await using at = await withCopy();
      rmSync(at.path('a.log'));
      await at.look();
      expect(at.shown()).toEqual(['a.log in a.log.1: 1490']);
      expect(at.generations()[0]?.positions.get('sink')?.offset).toBe(1490);
    });

    it('reads it at once when it becomes different', async () => {
      await using at = await withCopy();
      at.append('a.log.1', 'something else\n');
      at.append('a.log', 'another thing\n'.repeat(10));
      await at.look();
      expect(at.shown()[1]).toBe('a.log.1 in a.log.1: 1505');
    });
  });

  describe.each(['a.log', 'a.log*'])('when %s is copied in place again and again', (glob) => {
    it.each(glob === 'a.log' ? ['before', 'long before', 'after'] : ['before', 'after'])(
      'reads each line once, looking %s the truncation too',
      async (when) => {
        await using at = await scene(glob);
        let text = '';
        const look = async () => {
          await at.look();
          text += await at.read();
        };
        for (let round = 0; round < 5; round++) {
          at.append('a.log', lines(round * 10, 10));
          if (round % 2 === 0) await look();
          copyFileSync(at.path('a.log'), at.path('a.log.1'));
          if (when === 'before') await look();
          if (when === 'long before') {
            await look();
            at.clock.nowMs += 3000;
            await look();
          }
          truncateSync(at.path('a.log'));
          await fileClockTick();
          await look();
          await look();
        }
        expect(text).toBe(lines(0, 50));
      },
    );
  });

  it.each(['a.log', 'a.log*'])(
    'reads each line once when %s is copied in place along a chain',
    async (glob) => {
      await using at = await scene(glob);
      let text = '';
      for (let round = 0; round < 6; round++) {
        at.append('a.log', lines(round * 10, 10));
        await at.look();
        if (round % 3 !== 1) text += await at.read();
        for (const [from, to] of [
          ['a.log.1', 'a.log.2'],
          ['a.log', 'a.log.1'],
        ] as const) {
          if (existsSync(at.path(from))) copyFileSync(at.path(from), at.path(to));
        }
        truncateSync(at.path('a.log'));
        await fileClockTick();
        await at.look();
        await at.look();
        text += await at.read();
      }
      expect(text).toBe(lines(0, 60));
    },
  );

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

    it('reads them by turns, and what is added to them later', async () => {
      await using at = await many();
      for (const name of names) at.append(`${name}.log`, `more of ${name}\n`);
      await at.look();
      expect(await at.read()).toBe(names.map((name) => `more of ${name}\n`).join(''));
    });

    it.each(['.log.1', '.old'])('finds again what was renamed to *%s', async (ending) => {
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

    it('gives up what is deleted', async () => {
      await using at = await many();
      for (const name of names.slice(1)) rmSync(at.path(`${name}.log`));
      await at.look();
      at.clock.nowMs += 3000;
      await at.look();
      expect(at.shown()).toEqual(['00.log in 00.log: 11']);
    });

    it('keeps the handle of a file that has no name any more', async () => {
      await using at = await many();
      at.append('00.log', 'last\n');
      await at.look();
      rmSync(at.path('00.log'));
      for (const name of names.slice(1)) at.append(`${name}.log`, 'more\n');
      await at.look();
      expect((await at.read()).split('\n')[0]).toBe('last');
    });
  });

  it('gives back the handles of files that are read to their end and quiet', async () => {
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

  it('leaves a file alone that is compressed while it is looked at', async () => {
    await using at = await scene('a.log*');
    at.write('a.log', lines(0, 10));
    await at.look();
    at.write('a.log.gz', '');
    await at.look();
    appendFileSync(at.path('a.log.gz'), Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0x0a]));
    await at.look();
    rmSync(at.path('a.log'));
    await at.look();
    expect(await at.read()).toBe(lines(0, 10));
  });

  it('reads a file that was made large and is filled bit by bit, each line once', async () => {
    await using at = await scene('*.log');
    const text = lines(0, 200);
    writeFileSync(at.path('a.log'), Buffer.alloc(50_000));
    let read = '';
    const file = openSync(at.path('a.log'), 'r+');
    for (let written = 0; written < text.length; written += 100) {
      await fileClockTick();
      writeSync(file, text.slice(written, written + 100), written);
      await at.look();
      read += await at.read();
    }
    closeSync(file);
    expect(read).toBe(text);
    truncateSync(at.path('a.log'), text.length);
    at.append('a.log', 'the end\n');
    await at.look();
    expect(await at.read()).toBe('the end\n');
  });

  it('leaves compressed files alone', async () => {
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

    it('that was deleted until all of it is shipped, and a moment longer', async () => {
      expect(await ended((path) => rmSync(path), 60_000, 1000, 1500)).toEqual([1, 0, 0]);
    });

    it('that was moved away until all of it is shipped, and longer', async () => {
      expect(await ended((path) => renameSync(path, `${path}.moved`), 10_000, 10_000, 15_000)).toEqual([
        1, 1, 0,
      ]);
    });
  });

  describe('after a restart', () => {
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
      expect(at.shown()).toEqual(['a.log in a.log.1: 150', 'a.log in a.log: 0']);
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
});
