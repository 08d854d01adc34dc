import { appendFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sourceScene } from '../../testing/source-scene.ts';
import { understood } from '../../testing/understood.ts';
import { readMultiline } from '../frame/multiline.ts';
import { multilines } from '../frame/traces.ts';

describe('LineSource', () => {
  it('reads each whole line once and returns its position', async () => {
    await using at = sourceScene();
    const file = await at.add('a', 'one\ntwo\nthr');
    const first = await at.fill();
    expect(first).toMatchObject({ filled: 'caught-up', records: ['a@0 one', 'a@4 two'] });
    expect(first.batch.marks.get(file)).toMatchObject({ offset: 8, parts: 0 });
    expect(first.batch.sourceBytes).toBe(8);
    await at.append(file, 'ee\n');
    expect((await at.fill()).records).toEqual(['a@8 three']);
    expect((await at.fill()).records).toEqual([]);
  });

  it('leaves out a byte order mark only at the start of a file', async () => {
    await using at = sourceScene();
    const file = await at.add('a', Buffer.from('\ufeffone\n\ufefftwo\n'));
    const { records } = await at.fill();
    expect(records).toEqual(['a@3 one', `a@7 ${Buffer.from('\ufefftwo').toString('latin1')}`]);
    await at.append(file, 'three\n');
    expect((await at.fill()).records).toEqual(['a@14 three']);
  });

  it('continues after a full batch', async () => {
    await using at = sourceScene();
    await at.add('a', 'one\ntwo\nthree\n');
    const limits = { bytes: 1000, records: 2 };
    expect(await at.fill(limits)).toMatchObject({ filled: 'full', records: ['a@0 one', 'a@4 two'] });
    expect(await at.fill(limits)).toMatchObject({ filled: 'caught-up', records: ['a@8 three'] });
  });

  it("starts at the sink's position", async () => {
    await using at = sourceScene();
    const before = await at.add('before', 'one\ntwo\n');
    const { batch } = await at.fill();
    const position = batch.marks.get(before);
    if (position === undefined) throw new Error('no position was marked');
    await at.add('a', 'one\ntwo\nthree\n', { seen: new Map([['sink', position]]) });
    expect((await at.fill()).records).toEqual(['a@8 three']);
  });

  it('reads files in turn, so that a large one does not hold up the others', async () => {
    await using at = sourceScene();
    await at.add('large', `${'x'.repeat(99)}\n`.repeat(30_000));
    await at.add('small', 'one\n');
    const { records } = await at.fill({ bytes: 4_000_000, records: 20_000 });
    expect(records.indexOf('small@0 one')).toBeGreaterThan(-1);
  });

  it('reads a generation only after the previous one is read to its end', async () => {
    await using at = sourceScene();
    const older = await at.add('older', 'one\n');
    const newer = await at.add('newer', 'two\n');
    newer.previous = older;
    older.next = newer;
    older.state = { is: 'suspect' };
    expect((await at.fill()).records).toEqual([]);
    older.state = { is: 'readable' };
    expect((await at.fill()).records).toEqual(['older@0 one', 'newer@0 two']);
  });

  it('takes the unfinished last line of a rotated generation', async () => {
    await using at = sourceScene();
    const older = await at.add('older', 'one\ntw');
    const newer = await at.add('newer', 'three\n');
    newer.previous = older;
    older.next = newer;
    expect((await at.fill()).records).toEqual(['older@0 one', 'older@4 tw', 'newer@0 three']);
  });

  it('takes an unfinished line after its timeout, and knows when that is', async () => {
    await using at = sourceScene({ partialTimeoutMs: 5000 });
    const file = await at.add('a', 'one\ntw');
    expect((await at.fill()).records).toEqual(['a@0 one']);
    at.clock.nowMs = 2000;
    expect(at.source.dueInMs()).toBe(3000);
    at.clock.nowMs = 5000;
    expect((await at.fill()).records).toEqual(['a@4 tw']);
    expect(at.source.dueInMs()).toBeUndefined();
    await at.append(file, 'o\nthree\n');
    expect((await at.fill()).records).toEqual(['a@6#2! o', 'a@8 three']);
  });

  it('does not take an unfinished line whose end was written but not noticed yet', async () => {
    await using at = sourceScene();
    const file = await at.add('a', 'one\ntw');
    await at.fill();
    appendFileSync(file.path, 'o\n');
    at.clock.nowMs = 5000;
    expect((await at.fill()).records).toEqual([]);
    await at.append(file, '');
    at.clock.nowMs = 6000;
    expect((await at.fill()).records).toEqual(['a@4 two']);
  });

  it('takes all unfinished lines at a stop', async () => {
    await using at = sourceScene();
    await at.add('a', 'one');
    at.source.takesPartials = true;
    expect((await at.fill()).records).toEqual(['a@0 one']);
  });

  it('splits a line that is longer than one read', async () => {
    await using at = sourceScene({ maxLine: 700_000 });
    await at.add('a', `${'x'.repeat(1_500_000)}\nend\n`);
    const { records } = await at.fill({ bytes: 4_000_000, records: 100 });
    expect(records.map((record) => record.slice(0, 16))).toEqual([
      ...['a@0#1 xxxxxxxxxx', 'a@700000#2 xxxxx', 'a@1400000#3! xxx', 'a@1500001 end'],
    ]);
  });

  it('skips filtered lines and moves past them', async () => {
    await using at = sourceScene();
    const file = await at.add('a', 'drop 1\ndrop 2\n');
    const { batch } = await at.fill();
    expect([batch.count, batch.marks.get(file)?.offset]).toEqual([0, 14]);
  });

  it.each([
    ['yields to the event loop between slow lines', 60, 'line turn'],
    ['does not yield between quick lines', 0, 'line line'],
  ])('%s', async (_, lineMs, expected) => {
    const seen: string[] = [];
    const test = () => {
      at.clock.nowMs += lineMs;
      seen.push('line');
      return false;
    };
    await using at = sourceScene({ maxLine: 20_000, exclude: { test } });
    await at.add('a', `${'x'.repeat(20_000)}\n`.repeat(5));
    let isRunning = true;
    const goOn = () => {
      if (seen.at(-1) === 'line') seen.push('turn');
      if (isRunning) setImmediate(goOn);
    };
    goOn();
    const { batch } = await at.fill({ bytes: 200_000, records: 100 });
    isRunning = false;
    expect(batch.count).toBe(5);
    expect(seen.slice(0, 2).join(' ')).toBe(expected);
  });

  it('skips any number of NULs after a truncation under a writer that does not append', async () => {
    await using at = sourceScene();
    const hole = Buffer.alloc(2_500_000);
    await at.add('a', Buffer.concat([hole, Buffer.from('one\n')]), { isRewritten: true });
    expect((await at.fill()).records).toEqual(['a@2500000 one']);
    expect(at.counts.skipped).toBe(2_500_000);
  });

  describe('with events of several lines', () => {
    const multiline = understood(readMultiline('/^\\d/'));
    // `fill` splits records at newlines
    const event = (...texts: string[]) => texts;

    it('takes an event when the next one begins, or after a timeout', async () => {
      await using at = sourceScene({ multiline });
      const file = await at.add('a', '1 one\n  more\n  and more\n2 two\n  more\n');
      expect((await at.fill()).records).toEqual(event('a@0 1 one', '  more', '  and more'));
      await at.append(file, '  late\n');
      expect((await at.fill()).records).toEqual([]);
      at.clock.nowMs = 900;
      expect(at.source.dueInMs()).toBe(100);
      at.clock.nowMs = 1000;
      expect((await at.fill()).records).toEqual(event('a@24 2 two', '  more', '  late'));
    });

    it('takes a JSON object at once, unless an expression defines events', async () => {
      await using stacks = sourceScene({ multiline: multilines.node });
      await stacks.add('a', 'one\n{"a":1}\n');
      expect((await stacks.fill()).records).toEqual(event('a@0 one', 'a@4 {"a":1}'));
      await using expression = sourceScene({ multiline });
      await expression.add('a', '{"a":1}\n');
      expect((await expression.fill()).records).toEqual([]);
    });

    it('does not take the unfinished line after an event before its own timeout', async () => {
      await using at = sourceScene({ multiline });
      const file = await at.add('a', '1 one\n  more\n  unfini');
      at.clock.nowMs = 1000;
      expect((await at.fill()).records).toEqual(event('a@0 1 one', '  more'));
      await at.append(file, 'shed\n2 two\n');
      expect((await at.fill()).records).toEqual(event('a@13   unfinished'));
    });

    it('cuts an event above the limit, even one that is longer than one read', async () => {
      await using at = sourceScene({ multiline, maxLine: 600_000 });
      await at.add('a', `1 one\n${`  ${'x'.repeat(100_000)}\n`.repeat(12)}2 two\n`);
      at.source.takesPartials = true;
      const { batch } = await at.fill({ bytes: 4_000_000, records: 100 });
      expect(batch.count).toBe(4);
      expect(batch.sourceBytes).toBe(6 + 12 * 100_003 + 6);
    });

    it('takes everything at a stop', async () => {
      await using at = sourceScene({ multiline });
      await at.add('a', '1 one\n  more');
      at.source.takesPartials = true;
      expect((await at.fill()).records).toEqual(event('a@0 1 one', 'a@6   more'));
    });
  });

  it('keeps NULs within a line', async () => {
    await using at = sourceScene();
    await at.add('a', '\0one\ntwo\0\n\0\n');
    expect((await at.fill()).records).toEqual(['a@0 \0one', 'a@5 two\0', 'a@10 \0']);
  });

  it('returns to the acknowledged position when the bytes after it have changed', async () => {
    await using at = sourceScene();
    const file = await at.add('a', 'one\ntwo\nthree\n');
    const { batch } = await at.fill({ bytes: 1000, records: 1 });
    const acknowledged = batch.marks.get(file);
    if (acknowledged === undefined) throw new Error('no position was marked');
    file.positions.set('sink', acknowledged);
    expect((await at.fill()).records).toEqual(['a@4 two', 'a@8 three']);
    writeFileSync(file.path, 'one\nTWO\nTHREE\nfour\n');
    await at.append(file, '');
    expect((await at.fill()).records).toEqual([]);
    expect(file.is('suspect')).toBe(true);
    // the check found all acknowledged bytes
    file.state = { is: 'readable' };
    expect((await at.fill()).records).toEqual(['a@4 TWO', 'a@8 THREE', 'a@14 four']);
  });

  it.each([
    ['before the position', 4],
    ['at its beginning', 0],
  ])('reads nothing of a file that differs %s', async (_, offset) => {
    await using at = sourceScene();
    const tail = 'of another file';
    const seen = new Map(offset === 0 ? [] : [['sink', { offset, parts: 0, tail }]]);
    const file = await at.add('a', 'one\ntwo\n', { seen });
    if (offset === 0) file.head = Buffer.from('another');
    expect((await at.fill()).records).toEqual([]);
    expect([file.is('suspect'), at.counts.suspect]).toEqual([true, 1]);
  });
});
