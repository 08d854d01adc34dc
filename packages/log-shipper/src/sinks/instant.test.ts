import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Instant, isAfter, nanosecondsRoom, putNanoseconds, readInstant } from './instant.ts';

/** Nanoseconds since 1970, in decimal. */
function nanoseconds(text: string): string {
  const instant: Instant = { seconds: 0, nanoseconds: 0 };
  readInstant(Buffer.from(`>${text}`), 1, instant);
  const out = Buffer.alloc(nanosecondsRoom);
  return out.toString('latin1', 0, putNanoseconds(out, 0, instant));
}

describe('readInstant and putNanoseconds', () => {
  it.each([
    ['2026-01-31T12:00:00.250Z', '1769860800250000000'],
    ['2026-01-31T12:00:00.123456789Z', '1769860800123456789'],
    ['2026-01-31T12:00:00.1234567891234Z', '1769860800123456789'],
    ['2026-01-31T13:30:00.000+01:30', '1769860800000000000'],
    ['2026-01-31T04:00:00.001-08:00', '1769860800001000000'],
    ['2024-02-29T00:00:00.000Z', '1709164800000000000'],
    ['2000-02-29T23:59:59.999Z', '951868799999000000'],
    ['2100-03-01T00:00:00.000Z', '4107542400000000000'],
    ['1970-01-01T00:00:01.000000001Z', '1000000001'],
  ])('read %s and write %s', (text, expected) => {
    expect(nanoseconds(text)).toBe(expected);
  });

  it('agree with Date', () => {
    const range = { min: new Date('1970-01-01T00:00:01Z'), max: new Date('9999-12-31'), noInvalidDate: true };
    fc.assert(
      fc.property(fc.date(range), (date) => {
        expect(nanoseconds(date.toISOString())).toBe(String(BigInt(date.getTime()) * 1_000_000n));
      }),
    );
  });
});

describe('isAfter', () => {
  it.each([
    [2, 0, 1, 9, true],
    [1, 9, 2, 0, false],
    [1, 2, 1, 1, true],
    [1, 1, 1, 1, false],
  ])('compares %d.%d with %d.%d: %s', (seconds, nanoseconds, otherSeconds, otherNanoseconds, expected) => {
    const other = { seconds: otherSeconds, nanoseconds: otherNanoseconds };
    expect(isAfter({ seconds, nanoseconds }, other)).toBe(expected);
  });
});
