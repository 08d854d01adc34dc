import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { understood } from '../../testing/understood.ts';
import { Batch } from '../batch/batch.ts';
import { NdjsonWriter } from './ndjson-writer.ts';
import type { RecordOptions } from './record-writer.ts';
import { TimeFormat } from './time/format.ts';
import { readTimeZone } from './time/zone.ts';

const now = Date.parse('2026-01-31T12:00:00.123Z');
const file = '/var/log/app/a "quoted" ä.log';

interface LineOptions {
  readonly part?: number;
  readonly isLast?: boolean;
}

/** Writes one line as a record and returns it as text. */
function write(content: string | Buffer, options: Partial<RecordOptions> & LineOptions = {}): string {
  const { part = 0, isLast = true, ...rest } = options;
  const writer = new NdjsonWriter({
    ...{ labels: {}, pod: {}, parse: 'auto', onNotJson: () => undefined, now: () => now, ...rest },
  });
  const bytes = Buffer.concat([Buffer.from('before\n'), Buffer.from(content), Buffer.from('\nbehind\n')]);
  const batch = new Batch<never, never>({ bytes: 20_000, records: 10 });
  const start = 7;
  writer.begin({ bytes, end: bytes.length, base: 1000 }, 0, { file, writtenMs: 0, isAtEnd: true });
  const end = start + Buffer.from(content).length;
  expect(writer.write(batch, { bytes, start, end, offset: 1000 + start, part, isLast })).toBe(true);
  expect(batch.count).toBe(1);
  return batch.select([{ from: 0, to: 1 }]).bytes.toString();
}

const parse = (record: string) => JSON.parse(record) as Record<string, unknown>;
const head = { time: '2026-01-31T12:00:00.123Z', file, offset: 1007 };

describe('NdjsonWriter', () => {
  it('writes text as a message, with the time it was read', () => {
    expect(write('hello "world"')).toBe(
      `{"time":"2026-01-31T12:00:00.123Z","file":${JSON.stringify(file)},"offset":1007,"message":"hello \\"world\\""}\n`,
    );
  });

  it('adds labels and the pod if there are any', () => {
    const identity = { labels: { team: 'payments' }, pod: { name: 'web-1', node: 'n' } };
    expect(parse(write('x', identity))).toEqual({ ...head, message: 'x', ...identity });
    expect(parse(write('{"a":1}', identity))).toEqual({ ...head, ...identity, a: 1 });
  });

  it('keeps the fields of a JSON line byte for byte', () => {
    const body = String.raw`"b": 1.0e+2 , "a":[12345678901234567890,{ }],"__proto__":{"x":1},"a":"\u00e9\/ä"`;
    expect(write(`{${body}}`)).toContain(`,${body}}\n`);
    expect(write(` {${body}}\r`)).toContain(`,${body}}\n`);
    expect(write('{}')).toMatch(/"offset":1007}\n$/);
  });

  it.each<[string, string, Record<string, unknown>]>([
    ['its own time', '{"ts":1700000000}', { time: '2023-11-14T22:13:20.000Z', ts: 1_700_000_000 }],
    ['the first valid one', '{"ts":1700000000,"timestamp":"no"}', { time: '2023-11-14T22:13:20.000Z' }],
    [
      'in the order time, @timestamp, timestamp, ts',
      '{"ts":1700000000,"@timestamp":"2025-05-05T05:05:05.5Z"}',
      { time: '2025-05-05T05:05:05.500Z' },
    ],
    ['no valid one', '{"ts":"yesterday"}', { time: head.time, ts: 'yesterday' }],
  ])('uses the time of the line: %s', (_, content, expected) => {
    expect(parse(write(content))).toMatchObject(expected);
  });

  it('reads times in the format and zone of the options', () => {
    const timeZone = understood(readTimeZone('Europe/Berlin'));
    expect(parse(write('{"ts":"2026-07-31 12:00:00,5"}', { timeZone }))).toMatchObject({
      time: '2026-07-31T12:00:00.500+02:00',
    });
    const timeFormat = understood(TimeFormat.read('%d/%b/%Y:%H:%M:%S %z'));
    expect(parse(write('{"ts":"31/Jul/2026:12:00:00 +0000"}', { timeFormat }))).toMatchObject({
      time: '2026-07-31T12:00:00.000Z',
    });
  });

  it.each([
    ['{"ts":"yesterday"}', 'ts "yesterday"'],
    ['{"time":0.25,"ts":"no"}', 'time 0.25'],
    [`{"ts":"${'x'.repeat(100)}"}`, `ts "${'x'.repeat(59)}`],
    ['{"time":0.25,"ts":1700000000}', undefined],
    ['{"time":null,"ts":{}}', undefined],
    ['{"a":1}', undefined],
  ])('reports an unreadable time in %s', (content, expected) => {
    const told: string[] = [];
    const record = write(content, {
      onUnreadTime: ({ file: named, field, value }) => {
        expect(named).toBe(file);
        told.push(`${field} ${value()}`);
      },
    });
    expect(told).toEqual(expected === undefined ? [] : [expected]);
    if (expected !== undefined) expect(Object.values(parse(record))).toContain(head.time);
  });

  it('prefixes our fields with an underscore if the line has the same names', () => {
    const content = '{"time":"2025-05-05T05:05:05Z","file":"x","offset":"y","labels":[],"pod":null}';
    const identity = { labels: { l: '1' }, pod: { name: 'p' } };
    expect(parse(write(content, identity))).toEqual({
      ...JSON.parse(content),
      _time: '2025-05-05T05:05:05.000Z',
      _file: file,
      _offset: 1007,
      _labels: { l: '1' },
      _pod: { name: 'p' },
    });
    expect(parse(write('{"time":1,"_time":2,"__time":3}'))).toMatchObject({ ___time: head.time });
    expect(parse(write('{"message":"x","part":3}'))).toEqual({ ...head, message: 'x', part: 3 });
  });

  it.each(['{"a":1', '{"a":1}{"b":2}', '[1]', '"x"', '', ' ', '{"a":"\u0001"}'])(
    'writes anything but a JSON object as a message: %j',
    (content) => {
      expect(parse(write(content))).toEqual({ ...head, message: content });
    },
  );

  it('counts other lines if all should be JSON objects', () => {
    const onNotJson = vi.fn();
    expect(parse(write('text', { parse: 'json', onNotJson }))).toMatchObject({ message: 'text' });
    write('{}', { parse: 'json', onNotJson });
    write('text', { onNotJson });
    expect(onNotJson).toHaveBeenCalledTimes(1);
  });

  it('does not parse lines if JSON is off', () => {
    expect(parse(write('{"a":1}', { parse: 'none' }))).toEqual({ ...head, message: '{"a":1}' });
  });

  it('marks parts and never parses them as JSON', () => {
    expect(parse(write('{}', { part: 1, isLast: false }))).toEqual({ ...head, part: 1, message: '{}' });
    expect(parse(write('x', { part: 2 }))).toEqual({ ...head, part: 2, last: true, message: 'x' });
  });

  it.each([
    ['CRLF', Buffer.from('a\r'), 'a\r'],
    ['NUL and control characters', Buffer.from('\0\u0001\u001b[31m\t\u007f'), '\0\u0001\u001b[31m\t\u007f'],
    ['invalid UTF-8', Buffer.from([0x61, 0xff, 0xc3, 0x28, 0xe2, 0x82]), 'a\ufffd\ufffd(\ufffd'],
    ['a backslash at the end', Buffer.from('a\\'), 'a\\'],
    ['a line separator', Buffer.from('\u2028😀'), '\u2028😀'],
  ])('keeps %s', (_, content, message) => {
    expect(parse(write(content))).toEqual({ ...head, message });
  });

  it('replaces invalid UTF-8 in a JSON line, which stays valid', () => {
    const content = Buffer.concat([
      Buffer.from('{"a":"x'),
      Buffer.from([0xff]),
      Buffer.from('y","ts":1700000000}'),
    ]);
    expect(parse(write(content))).toMatchObject({
      a: 'x\ufffdy',
      time: '2023-11-14T22:13:20.000Z',
      offset: 1007,
    });
  });

  it('round-trips any text', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(0x10ffff)), (codes) => {
        const isSurrogate = (code: number) => code >= 0xd800 && code <= 0xdfff;
        const text = String.fromCodePoint(...codes.filter((code) => code !== 0x0a && !isSurrogate(code)));
        expect(parse(write(text, { parse: 'none' }))).toEqual({ ...head, message: text });
      }),
    );
  });

  it('round-trips any JSON object', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        const record = parse(write(JSON.stringify(object)));
        for (const [key, value] of Object.entries(JSON.parse(JSON.stringify(object)))) {
          expect(record[key]).toEqual(value);
        }
      }),
    );
  });

  describe('in a batch that is nearly full', () => {
    const writeInto = (room: number, content: string, isEmpty: boolean) => {
      const writer = new NdjsonWriter({
        ...{ labels: {}, pod: {}, parse: 'auto', onNotJson: () => undefined, now: () => now },
      });
      const batch = new Batch<never, never>({ bytes: room, records: 10 });
      if (!isEmpty) batch.add(1);
      const bytes = Buffer.from(content);
      writer.begin({ bytes, end: bytes.length, base: 0 }, 0, { file: '/f', writtenMs: 0, isAtEnd: true });
      const fits = writer.write(batch, {
        bytes,
        start: 0,
        end: bytes.length,
        offset: 0,
        part: 0,
        isLast: true,
      });
      return { fits, batch };
    };

    it.each(['x'.repeat(2000), '\u0001'.repeat(2000), `{"a":"${'x'.repeat(2000)}"}`])(
      'defers a record without enough room until the next batch',
      (content) => {
        expect(writeInto(1500, content, false).fits).toBe(false);
      },
    );

    it.each(['x'.repeat(5000), '\u0001'.repeat(5000), `{"a":"${'x'.repeat(5000)}"}`])(
      "lets a record above the batch's limit go alone",
      (content) => {
        const { fits, batch } = writeInto(1500, content, true);
        expect(fits).toBe(true);
        expect(parse(batch.select([{ from: 0, to: 1 }]).bytes.toString())).toMatchObject(
          content.startsWith('{') ? JSON.parse(content) : { message: content },
        );
      },
    );
  });
});
