import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Arrivals } from './arrivals.ts';

describe('Arrivals', () => {
  it('knows the receive time of each byte, also after removals and prepends', () => {
    const arrivals = new Arrivals();
    arrivals.append(10, 100);
    arrivals.append(5, 200);
    expect([0, 9, 10, 14].map((offset) => arrivals.at(offset))).toEqual([100, 100, 200, 200]);
    arrivals.drop(12);
    expect([0, 2].map((offset) => arrivals.at(offset))).toEqual([200, 200]);
    arrivals.prepend(4, 50);
    expect([0, 3, 4].map((offset) => arrivals.at(offset))).toEqual([50, 50, 200]);
    arrivals.restart(900);
    expect([0, 6].map((offset) => arrivals.at(offset))).toEqual([900, 900]);
  });

  it('gives a time that is never late, and early by at most a 16th of the total receive time', () => {
    const steps = fc.array(fc.record({ bytes: fc.integer({ min: 1, max: 9 }), pauseMs: fc.nat(50) }), {
      minLength: 1,
      maxLength: 400,
    });
    fc.assert(
      fc.property(steps, fc.nat(), (pieces, dropSeed) => {
        const arrivals = new Arrivals();
        const times: number[] = [];
        let now = 1000;
        for (const { bytes, pauseMs } of pieces) {
          now += pauseMs;
          arrivals.append(bytes, now);
          times.push(...new Array<number>(bytes).fill(now));
        }
        const dropped = dropSeed % times.length;
        arrivals.drop(dropped);
        const slackMs = Math.max(10, (now - 1000) / 16);
        for (const [offset, at] of times.slice(dropped).entries()) {
          expect(arrivals.at(offset)).toBeLessThanOrEqual(at);
          expect(arrivals.at(offset)).toBeGreaterThanOrEqual(at - slackMs);
        }
      }),
    );
  });
});
