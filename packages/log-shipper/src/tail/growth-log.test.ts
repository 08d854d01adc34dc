import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GrowthLog } from './growth-log.ts';

describe('GrowthLog', () => {
  it('returns the time of each byte', () => {
    const log = new GrowthLog();
    log.grew(10, 1000);
    log.grew(30, 2000);
    expect([0, 9, 10, 29, 30].map((offset) => log.writtenAt(offset))).toEqual([
      1000,
      1000,
      2000,
      2000,
      undefined,
    ]);
  });

  it('forgets spans before an offset, but not the span around it', () => {
    const log = new GrowthLog();
    log.grew(10, 1000);
    log.grew(30, 2000);
    log.forget(10);
    expect(log.writtenAt(0)).toBe(2000);
    log.forget(29);
    expect(log.writtenAt(29)).toBe(2000);
  });

  it('never returns too late a time, for any number of bytes', () => {
    const steps = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 2000 });
    fc.assert(
      fc.property(steps, (growths) => {
        const log = new GrowthLog();
        let size = 0;
        const written: number[] = [];
        growths.forEach((growth, time) => {
          size += growth;
          log.grew(size, time);
          written.push(size);
        });
        written.forEach((end, time) => {
          expect(log.writtenAt(end - 1)).toBeLessThanOrEqual(time);
        });
        expect(log.writtenAt(size - 1)).toBe(growths.length - 1);
        expect(log.writtenAt(size)).toBeUndefined();
      }),
      { numRuns: 20 },
    );
  });
});
