import {
  appendFileSync,
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fileClockTick, lines, scene } from '../../testing/scene.ts';

describe('the catalog after content changes', () => {
  it('reads from the start after a truncation, and after a rewrite of the same or greater length', async () => {
    await using at = await scene();
    at.write('a.log', lines(10, 10));
    await at.look();
    await at.ship(at.generations()[0]);
    for (const text of [lines(20, 5), lines(30, 5), lines(40, 50)]) {
      await fileClockTick();
      at.write('a.log', text);
      // a reader reports that the content has changed
      for (const generation of at.generations()) generation.state = { is: 'suspect' };
      await at.look();
      expect(at.shown()).toEqual([`a.log in a.log: ${text.length}`]);
      expect(at.generations()[0]?.positions.size).toBe(0);
      await at.ship(at.generations()[0]);
    }
  });

  it('continues in the copy made before a truncation, then in the new content', async () => {
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

  it('finds the copies of two truncations at the same moment', async () => {
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

  it('finds the copy of an empty file that was filled and truncated between two looks', async () => {
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

  it('keeps the order when an empty file is filled and rotated twice between two looks', async () => {
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

  it('does not mistake another new file with the same content for the copy', async () => {
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

    it('holds the copy, and reads it as a separate file if nothing else happens', async () => {
      await using at = await withCopy();
      at.clock.nowMs += 3000;
      await at.look();
      expect(at.shown()).toEqual(['a.log in a.log: 1490', 'a.log.1 in a.log.1: 1490']);
    });

    it('does not read the copy again when the original is truncated', async () => {
      await using at = await withCopy();
      truncateSync(at.path('a.log'));
      await at.look();
      expect(at.shown()).toEqual(['a.log in a.log.1: 1490', 'a.log in a.log: 0']);
      expect(at.generations()[0]?.positions.get('sink')?.offset).toBe(1490);
    });

    it('does not read the copy again when the original is deleted', async () => {
      await using at = await withCopy();
      rmSync(at.path('a.log'));
      await at.look();
      expect(at.shown()).toEqual(['a.log in a.log.1: 1490']);
      expect(at.generations()[0]?.positions.get('sink')?.offset).toBe(1490);
    });

    it('reads the copy at once when it differs', async () => {
      await using at = await withCopy();
      at.append('a.log.1', 'something else\n');
      at.append('a.log', 'another thing\n'.repeat(10));
      await at.look();
      expect(at.shown()[1]).toBe('a.log.1 in a.log.1: 1505');
    });
  });

  describe.each(['a.log', 'a.log*'])('when %s is copied in place repeatedly', (glob) => {
    it.each(glob === 'a.log' ? ['before', 'long before', 'after'] : ['before', 'after'])(
      'reads each line once with a look %s the truncation',
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

  it('ignores a file that is being compressed', async () => {
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

  it('reads each line once in a preallocated file that is filled in pieces', async () => {
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
});
