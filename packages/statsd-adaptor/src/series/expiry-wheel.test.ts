import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExpiryWheel } from './expiry-wheel.ts';
import { Family } from './family.ts';
import { noLabels } from './labels.ts';
import { NumberSeries } from './series.ts';
import { SeriesMemory } from './series-memory.ts';

const account = new SeriesMemory().open(0);
const family = new Family({ name: 'x', kind: 'counter', help: 'help', account });
const series = (ttlSeconds: number, nowSeconds = 0) =>
  new NumberSeries({ family, labels: noLabels, ttlSeconds, nowSeconds, account });
const everything = Number.POSITIVE_INFINITY;

describe('ExpiryWheel', () => {
  it('expires a series when its time to live is over', () => {
    const wheel = new ExpiryWheel(0);
    const one = series(10);
    wheel.add(one);
    expect(wheel.sweep(10, everything).expired).toEqual([]);
    expect(wheel.sweep(11, everything).expired).toEqual([one]);
    expect(wheel.sweep(100, everything).expired).toEqual([]);
  });

  it('checks a limited number at a time', () => {
    const wheel = new ExpiryWheel(0);
    for (let at = 0; at < 10; at++) wheel.add(series(1));
    const first = wheel.sweep(60, 4);
    expect([first.expired.length, first.isDone]).toEqual([4, false]);
    expect([wheel.sweep(60, 4).expired.length, wheel.sweep(60, 4).expired.length]).toEqual([4, 2]);
    expect(wheel.sweep(60, 4)).toEqual({ expired: [], isDone: true });
  });

  it('ignores series that were removed before', () => {
    const wheel = new ExpiryWheel(0);
    const one = series(1);
    wheel.add(one);
    one.retire();
    expect(wheel.sweep(10, everything).expired).toEqual([]);
  });

  it('expires each series once, not early and at most a second late', () => {
    const use = fc.record({ at: fc.double({ min: 0, max: 30, noNaN: true }), which: fc.nat({ max: 4 }) });
    const ttls = fc.array(fc.double({ min: 0.1, max: 15, noNaN: true }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(use, { maxLength: 40 }), ttls, (uses, [...lives]) => {
        const wheel = new ExpiryWheel(0);
        const all = lives.map((ttl) => series(ttl));
        for (const one of all) wheel.add(one);
        const goneAt = new Map<unknown, number>();
        for (let second = 1; second < 60; second++) {
          for (const { at, which } of uses.filter((each) => each.at > second - 1 && each.at <= second)) {
            const used = all[which];
            if (used !== undefined && !goneAt.has(used)) used.lastSeen = Math.max(used.lastSeen, at);
          }
          for (const one of wheel.sweep(second, everything).expired) {
            expect(goneAt.has(one)).toBe(false);
            goneAt.set(one, second);
          }
        }
        for (const one of all) {
          const late = (goneAt.get(one) ?? Number.NaN) - (one.lastSeen + one.ttlSeconds);
          expect(late).toBeGreaterThan(0);
          expect(late).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});
