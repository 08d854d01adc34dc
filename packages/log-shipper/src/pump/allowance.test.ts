import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sourceScene } from '../../testing/source-scene.ts';
import { Allowance, type RateLimit } from './allowance.ts';

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `line ${index}\n`).join('');

describe('Allowance', () => {
  it('never allows more than the limit plus one burst, for any requests', () => {
    const limit: RateLimit = { perSecond: 100, unit: 'lines' };
    fc.assert(
      fc.property(fc.array(fc.nat(500)), (waitsMs) => {
        let nowMs = 0;
        let taken = 0;
        const allowance = new Allowance(limit, () => nowMs);
        for (const waitMs of waitsMs) {
          nowMs += waitMs;
          allowance.refill();
          for (; !allowance.isSpent; taken++) allowance.take(10);
        }
        expect(taken).toBeLessThanOrEqual(25 + nowMs / 10);
      }),
    );
  });

  it('waits longer after a line above its burst', () => {
    let nowMs = 0;
    const allowance = new Allowance({ perSecond: 1000, unit: 'bytes' }, () => nowMs);
    allowance.take(5250);
    expect(allowance.dueInMs()).toBe(5250);
    nowMs = 5000;
    allowance.refill();
    expect(allowance.isSpent).toBe(true);
    nowMs = 5250;
    allowance.refill();
    expect(allowance.isSpent).toBe(false);
  });
});

describe('LineSource with a limit', () => {
  const rateLimit: RateLimit = { perSecond: 100, unit: 'lines' };

  it('reads the allowed lines per second, reports when the next are due, and loses none', async () => {
    await using at = sourceScene({ rateLimit });
    await at.add('a', numbered(60));
    const first = await at.fill();
    expect(first.records).toHaveLength(25);
    expect((await at.fill()).records).toEqual([]);
    expect(at.source.dueInMs()).toBe(250);
    at.clock.nowMs = 250;
    const second = await at.fill();
    expect(second.records).toHaveLength(25);
    at.clock.nowMs = 10_000;
    const third = await at.fill();
    const texts = [first, second, third].flatMap(({ records }) =>
      records.map((record) => record.replace(/^\S+ /, '')),
    );
    expect(texts.join('\n')).toBe(numbered(60).trimEnd());
    expect(at.source.dueInMs()).toBeUndefined();
  });

  it('limits each file separately', async () => {
    await using at = sourceScene({ rateLimit });
    await at.add('a', numbered(30));
    await at.add('b', numbered(30));
    const { records } = await at.fill();
    expect(records.filter((record) => record.startsWith('a@'))).toHaveLength(25);
    expect(records.filter((record) => record.startsWith('b@'))).toHaveLength(25);
  });

  it('shares one limit between all generations of a name', async () => {
    await using at = sourceScene({ rateLimit });
    const older = await at.add('older', numbered(10));
    const newer = await at.add('newer', numbered(30));
    newer.previous = older;
    older.next = newer;
    expect((await at.fill()).records).toHaveLength(25);
  });

  it('limits bytes', async () => {
    await using at = sourceScene({ rateLimit: { perSecond: 400, unit: 'bytes' } });
    await at.add('a', `${'x'.repeat(49)}\n`.repeat(10));
    expect((await at.fill()).records).toHaveLength(2);
  });

  it('reads a line that is longer than one read', async () => {
    await using at = sourceScene({ rateLimit, maxLine: 1_000_000 });
    await at.add('a', `${'x'.repeat(300_000)}\n`.repeat(3));
    const { records } = await at.fill({ bytes: 4_000_000, records: 100 });
    expect(records.map((record) => record.length)).toEqual([300_004, 300_009, 300_009]);
  });

  it('lifts the limit at a stop', async () => {
    await using at = sourceScene({ rateLimit });
    await at.add('a', numbered(60));
    expect((await at.fill()).records).toHaveLength(25);
    at.source.takesPartials = true;
    expect((await at.fill()).records).toHaveLength(35);
  });
});
