import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { putNow, putTime, timeRoom } from './time.ts';

/** The time that a JSON value is written as; undefined when it is none. */
function time(value: string): string | undefined {
  const bytes = Buffer.from(`[${value}]`);
  const out = Buffer.alloc(timeRoom);
  const end = putTime(out, 0, { bytes, start: 1, end: bytes.length - 1 });
  return end < 0 ? undefined : out.toString('latin1', 0, end);
}

describe('putTime', () => {
  it.each([
    ['"2026-01-31T12:34:56.789Z"', '2026-01-31T12:34:56.789Z'],
    ['"2026-01-31T12:34:56Z"', '2026-01-31T12:34:56.000Z'],
    ['"2026-01-31T12:34:56.7Z"', '2026-01-31T12:34:56.700Z'],
    ['"2026-01-31T12:34:56.123456789Z"', '2026-01-31T12:34:56.123456789Z'],
    ['"2026-01-31T12:34:56.789+05:30"', '2026-01-31T12:34:56.789+05:30'],
    ['"2026-01-31T12:34:56-08:00"', '2026-01-31T12:34:56.000-08:00'],
    ['"2026-01-31t12:34:56z"', '2026-01-31T12:34:56.000Z'],
    ['"2026-01-31 12:34:56.5Z"', '2026-01-31T12:34:56.500Z'],
    ['"2024-02-29T00:00:00Z"', '2024-02-29T00:00:00.000Z'],
    ['"2016-12-31T23:59:60Z"', '2016-12-31T23:59:60.000Z'],
    // seconds
    ['1700000000', '2023-11-14T22:13:20.000Z'],
    ['1700000000.5', '2023-11-14T22:13:20.500Z'],
    ['1700000000.123456', '2023-11-14T22:13:20.123456Z'],
    ['1700000000.1234567891234', '2023-11-14T22:13:20.123456789Z'],
    ['946684800', '2000-01-01T00:00:00.000Z'],
    // milli-, micro- and nanoseconds
    ['1700000000123', '2023-11-14T22:13:20.123Z'],
    ['1700000000123.25', '2023-11-14T22:13:20.12325Z'],
    ['1700000000123456', '2023-11-14T22:13:20.123456Z'],
    ['1700000000123456789', '2023-11-14T22:13:20.123456789Z'],
  ])('reads %s', (value, expected) => {
    expect(time(value)).toBe(expected);
  });

  it.each([
    '"2026-01-31T12:34:56"',
    '"2026-01-31 12:34:56"',
    '"2026-01-31"',
    '"2026-13-01T00:00:00Z"',
    '"2026-00-01T00:00:00Z"',
    '"2026-01-32T00:00:00Z"',
    '"2026-04-31T00:00:00Z"',
    '"2026-01-01T24:00:00Z"',
    '"2026-01-01T00:60:00Z"',
    '"2026-01-01T00:00:61Z"',
    '"2026-01-01T00:00:00.Z"',
    '"2026-01-01T00:00:00+25:00"',
    '"2026-01-01T00:00:00+0100"',
    '"2026-01-01T00:00:00Zulu"',
    '"10/Oct/2000:13:55:36 -0700"',
    '""',
    '"1700000000"',
    'null',
    'true',
    '{"seconds":1700000000}',
    '[1700000000]',
    '0',
    '12.5',
    '-1700000000',
    '1.7e9',
    '170000000000000000000000',
  ])('takes %s for no time', (value) => {
    expect(time(value)).toBeUndefined();
  });

  it('reads any time that Date writes, and any number of milliseconds as Date does', () => {
    const from = new Date('1980-01-01');
    fc.assert(
      fc.property(fc.date({ min: from, max: new Date('2200-01-01'), noInvalidDate: true }), (date) => {
        expect(time(JSON.stringify(date))).toBe(date.toISOString());
        expect(time(String(date.getTime()))).toBe(date.toISOString());
      }),
    );
  });

  it('never writes more than its room', () => {
    expect(time(`"2026-01-01T00:00:00.${'1'.repeat(80)}Z"`)).toBeUndefined();
    expect(time(`1700000000.${'1'.repeat(300)}`)).toBe('2023-11-14T22:13:20.111111111Z');
  });
});

describe('putNow', () => {
  it.each([0, 7, 45, 999, 1_700_000_000_123])('writes %d ms as Date does', (ms) => {
    const out = Buffer.alloc(timeRoom);
    expect(out.toString('latin1', 0, putNow(out, 0, ms))).toBe(new Date(ms).toISOString());
  });
});
