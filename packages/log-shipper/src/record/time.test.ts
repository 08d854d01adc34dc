import { Refusal } from '@pod-patterns/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { understood } from '../../testing/understood.ts';
import { putNow } from './time/calendar.ts';
import { TimeFormat } from './time/format.ts';
import { readTimeZone } from './time/zone.ts';
import { putTime, timeRoom } from './time.ts';

interface Options {
  readonly zone?: string;
  readonly format?: string;
  readonly now?: string;
}

/** The time written for a text; undefined if it is not a time. */
function time(text: string, { zone = 'UTC', format, now = '2026-07-01' }: Options = {}): string | undefined {
  // bytes around the text must not matter
  const bytes = Buffer.from(`1${text}1`);
  const out = Buffer.alloc(timeRoom);
  const range = { bytes, start: 1, end: bytes.length - 1 };
  const end = putTime(out, 0, range, {
    zone: understood(readTimeZone(zone)),
    format: format === undefined ? undefined : understood(TimeFormat.read(format)),
    now: () => Date.parse(now),
  });
  return end < 0 ? undefined : out.toString('latin1', 0, end);
}

describe('putTime', () => {
  it.each([
    ['2026-01-31T12:34:56.789Z', '2026-01-31T12:34:56.789Z'],
    ['2026-01-31T12:34:56Z', '2026-01-31T12:34:56.000Z'],
    ['2026-01-31T12:34:56.7Z', '2026-01-31T12:34:56.700Z'],
    ['2026-01-31T12:34:56.123456789Z', '2026-01-31T12:34:56.123456789Z'],
    ['2026-01-31T12:34:56.789+05:30', '2026-01-31T12:34:56.789+05:30'],
    ['2026-01-31T12:34:56-08:00', '2026-01-31T12:34:56.000-08:00'],
    ['2026-01-31T12:34:56.5+00:00', '2026-01-31T12:34:56.500Z'],
    ['2026-01-31t12:34:56z', '2026-01-31T12:34:56.000Z'],
    ['2026-01-31 12:34:56.5Z', '2026-01-31T12:34:56.500Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['2016-12-31T23:59:60Z', '2016-12-31T23:59:60.000Z'],
    // zap, Beats, log4j2
    ['2026-01-31T12:34:56.789+0100', '2026-01-31T12:34:56.789+01:00'],
    ['2026-01-31T12:34:56-0830', '2026-01-31T12:34:56.000-08:30'],
    // PostgreSQL, Ruby
    ['2026-01-31 12:34:56.789+01', '2026-01-31T12:34:56.789+01:00'],
    ['2026-01-31 12:34:56 +0100', '2026-01-31T12:34:56.000+01:00'],
    ['2026-01-31 12:34:56.789 UTC', '2026-01-31T12:34:56.789Z'],
    // Elasticsearch, Python, logback
    ['2026-01-31T12:34:56,789+01:00', '2026-01-31T12:34:56.789+01:00'],
    ['2026-01-31 12:34:56,789', '2026-01-31T12:34:56.789Z'],
    ['2026-01-31T12:34:56.789', '2026-01-31T12:34:56.789Z'],
    ['2026-01-31 12:34:56', '2026-01-31T12:34:56.000Z'],
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
    // with an exponent
    ['1.7e9', '2023-11-14T22:13:20.000Z'],
    ['1.7E+09', '2023-11-14T22:13:20.000Z'],
    ['1.700000000123456e9', '2023-11-14T22:13:20.123456Z'],
    ['1.700000000123e12', '2023-11-14T22:13:20.123Z'],
    ['1700000000123e-3', '2023-11-14T22:13:20.123Z'],
    ['0.17e10', '2023-11-14T22:13:20.000Z'],
  ])('reads %s', (text, expected) => {
    expect(time(text)).toBe(expected);
  });

  it.each([
    '2026-01-31',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-01-32T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-01-01T00:00:61Z',
    '2026-01-01T00:00:00.Z',
    '2026-01-01T00:00:00,',
    '2026-01-01T00:00:00+25:00',
    '2026-01-01T00:00:00+0160',
    '2026-01-01T00:00:00+010',
    '2026-01-01T00:00:00+1',
    '2026-01-01T00:00:00+',
    '2026-01-01T00:00:00 ',
    '2026-01-01T00:00:00Zulu',
    '2026-01-01T00:00:00 CET',
    '2026-01-01T00:00:0',
    '10/Oct/2000:13:55:36 -0700',
    '',
    'null',
    'true',
    '{"seconds":1700000000}',
    '[1700000000]',
    '0',
    '12.5',
    '-1700000000',
    '0001700000000',
    '1.7e8000',
    '1.7e-9',
    '1.7e',
    '1.7e9x',
    'e9',
    '1700000000 s',
    '170000000000000000000000',
  ])('rejects %s', (text) => {
    expect(time(text)).toBeUndefined();
  });

  it.each([
    ['Europe/Berlin', '2026-01-31 12:00:00,5', '2026-01-31T12:00:00.500+01:00'],
    ['Europe/Berlin', '2026-07-31T12:00:00', '2026-07-31T12:00:00.000+02:00'],
    ['America/New_York', '2026-07-31T12:00:00.123456', '2026-07-31T12:00:00.123456-04:00'],
    ['Asia/Kolkata', '2026-07-31T12:00:00', '2026-07-31T12:00:00.000+05:30'],
    ['+02:30', '2026-07-31T12:00:00', '2026-07-31T12:00:00.000+02:30'],
    // clocks are put forward from 2:00 to 3:00, and back from 3:00 to 2:00
    ['Europe/Berlin', '2026-03-29T01:59:59', '2026-03-29T01:59:59.000+01:00'],
    ['Europe/Berlin', '2026-03-29T02:30:00', '2026-03-29T02:30:00.000+01:00'],
    ['Europe/Berlin', '2026-03-29T03:00:00', '2026-03-29T03:00:00.000+02:00'],
    ['Europe/Berlin', '2026-10-25T02:30:00', '2026-10-25T02:30:00.000+02:00'],
    ['Europe/Berlin', '2026-10-25T03:00:00', '2026-10-25T03:00:00.000+01:00'],
    // a time with a zone, and a number, keep their own zone
    ['Europe/Berlin', '2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['Europe/Berlin', '1700000000', '2023-11-14T22:13:20.000Z'],
  ])('in %s reads %s as %s', (zone, text, expected) => {
    expect(time(text, { zone })).toBe(expected);
  });

  it('reads a series of times in a zone like single ones', () => {
    const zone = understood(readTimeZone('Europe/Berlin'));
    const range = { min: new Date('1980-01-01'), max: new Date('2100-01-01'), noInvalidDate: true };
    fc.assert(
      fc.property(fc.array(fc.date(range)), (dates) => {
        for (const date of dates) {
          const alone = understood(readTimeZone('Europe/Berlin'));
          expect(zone.minutesAt(date.getTime())).toBe(alone.minutesAt(date.getTime()));
        }
      }),
    );
  });

  it('reads any time that Date writes, and any number of milliseconds like Date', () => {
    const from = new Date('1980-01-01');
    fc.assert(
      fc.property(fc.date({ min: from, max: new Date('2200-01-01'), noInvalidDate: true }), (date) => {
        expect(time(date.toISOString())).toBe(date.toISOString());
        expect(time(String(date.getTime()))).toBe(date.toISOString());
        expect(time(date.getTime().toExponential())).toBe(time(String(date.getTime())));
      }),
    );
  });

  it('never writes more than its limit', () => {
    expect(time(`2026-01-01T00:00:00.${'1'.repeat(80)}Z`)).toBeUndefined();
    expect(time(`2026-01-01T00:00:00.${'1'.repeat(44)}`)?.length).toBeLessThan(timeRoom);
    expect(time(`1700000000.${'1'.repeat(300)}`)).toBe('2023-11-14T22:13:20.111111111Z');
  });
});

describe('a format', () => {
  it.each([
    ['%d/%b/%Y:%H:%M:%S %z', '10/Oct/2000:13:55:36 -0700', '2000-10-10T13:55:36.000-07:00'],
    ['%d/%b/%Y:%H:%M:%S %z', String.raw`10\/Oct\/2000:13:55:36 +0000`, '2000-10-10T13:55:36.000Z'],
    ['%Y/%m/%d %H:%M:%S', '2026/01/31 12:00:00', '2026-01-31T12:00:00.000Z'],
    ['%F %T.%L', '2026-01-31 12:00:00.123456', '2026-01-31T12:00:00.123456Z'],
    ['%d.%m.%y, %H:%M', '1.2.26, 9:05', '2026-02-01T09:05:00.000Z'],
    ['%D %R', '01/31/26 12:00', '2026-01-31T12:00:00.000Z'],
    ['%m/%d/%Y %I:%M:%S %p', '1/31/2026 12:00:01 AM', '2026-01-31T00:00:01.000Z'],
    ['%m/%d/%Y %I:%M:%S %p', '1/31/2026 11:00:01 pm', '2026-01-31T23:00:01.000Z'],
    ['%a %b %e %H:%M:%S %Y', 'Sat Jan  3 12:00:00 2026', '2026-01-03T12:00:00.000Z'],
    ['%A, %d %B %Y %H:%M:%S %z', 'Saturday, 31 January 2026 12:00:00 GMT', '2026-01-31T12:00:00.000Z'],
    ['%Y%m%d%H%M%S%f', '20260131120000123', '2026-01-31T12:00:00.123Z'],
    ['epoch=%s', 'epoch=1700000000.25', '2023-11-14T22:13:20.250Z'],
    ['%d%%%m%%%Y %H', '31%01%2026 12', '2026-01-31T12:00:00.000Z'],
    // usual forms are read besides the format
    ['%d.%m.%Y %H:%M', '2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['%d.%m.%Y %H:%M', '1700000000', '2023-11-14T22:13:20.000Z'],
  ])('%s reads %s', (format, text, expected) => {
    expect(time(text, { format })).toBe(expected);
  });

  it.each([
    ['%d.%m.%Y %H:%M', '31.04.2026 12:00'],
    ['%d.%m.%Y %H:%M', '29.02.2025 12:00'],
    ['%d.%m.%Y %H:%M', '31.01.2026 24:00'],
    ['%d.%m.%Y %H:%M', '31.01.2026 12:00 '],
    ['%d.%m.%Y %H:%M', '31.01.2026'],
    ['%d.%m.%Y %I:%M %p', '31.01.2026 13:00 PM'],
    ['%d %b %Y %H:%M', '31 Foo 2026 12:00'],
    ['%d %b %Y %H:%M %z', '31 Jan 2026 12:00 CET'],
    ['%d.%m.%Y %H:%M', '1'.repeat(1_000_000)],
  ])('%s rejects other texts (row %#)', (format, text) => {
    expect(time(text, { format })).toBeUndefined();
  });

  it('reads a time without a zone in --time-zone', () => {
    const options = { format: '%d.%m.%Y %H:%M', zone: 'Europe/Berlin' };
    expect(time('31.07.2026 12:00', options)).toBe('2026-07-31T12:00:00.000+02:00');
  });

  it.each([
    ['2026-07-01', 'Jun 30 12:00:00', '2026-06-30T12:00:00.000Z'],
    ['2026-01-01', 'Dec 31 23:59:59', '2025-12-31T23:59:59.000Z'],
    // the writer's clock is a little ahead
    ['2025-12-31T23:59:59Z', 'Jan  1 00:00:10', '2026-01-01T00:00:10.000Z'],
  ])('without a year uses the most recent one: at %s, %s is %s', (now, text, expected) => {
    expect(time(text, { format: '%b %e %H:%M:%S', now })).toBe(expected);
  });

  it.each([
    ['%Y-%m-%d %H:%M:%S %Q', '%Q is unknown'],
    ['%Y-%m-%d %H:%M:%', '% is unknown'],
    ['%Z %s %Z', '%Z is unknown'],
    ['%H:%M:%S', 'a day'],
    ['%Y-%m-%d', 'an hour'],
    ['', 'a month'],
  ])('%j is refused', (format, reason) => {
    const read = TimeFormat.read(format);
    expect(read instanceof Refusal && read.reason).toContain(reason);
  });
});

describe('a time zone', () => {
  it.each(['', 'Mars/Olympus', 'CET+1', '+25:00'])('%j is refused', (name) => {
    expect(readTimeZone(name)).toBeInstanceOf(Refusal);
  });
});

describe('putNow', () => {
  it.each([0, 7, 45, 999, 1_700_000_000_123])('writes %d ms like Date', (ms) => {
    const out = Buffer.alloc(timeRoom);
    expect(out.toString('latin1', 0, putNow(out, 0, ms))).toBe(new Date(ms).toISOString());
  });
});
