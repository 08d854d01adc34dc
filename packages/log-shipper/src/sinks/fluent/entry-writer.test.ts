import { decode, decodeMulti } from '@msgpack/msgpack';
import { describe, expect, it, vi } from 'vitest';
import { Batch } from '../../batch/batch.ts';
import type { RecordOptions } from '../../record/record-writer.ts';
import { EntryWriter } from './entry-writer.ts';

const now = Date.parse('2026-01-31T12:00:00.250Z');
const defaults: RecordOptions = {
  ...{ labels: {}, pod: {}, parse: 'auto', onNotJson: () => undefined, now: () => now },
};

function write(lines: readonly (string | Buffer)[], options: Partial<RecordOptions> = {}, tag?: string) {
  const writer = new EntryWriter({ ...defaults, ...options }, tag);
  const batch = new Batch<never, never>({ bytes: 500_000, records: 100 });
  for (const text of lines) {
    const bytes = Buffer.from(text);
    const origin = { file: '/a', writtenMs: now, isAtEnd: true };
    writer.begin({ bytes, end: bytes.length, base: 0 }, 0, origin);
    const line = { bytes, start: 0, end: bytes.length, offset: 7, part: 0, isLast: true };
    expect(writer.write(batch, line)).toBe(true);
  }
  return batch.select([{ from: 0, to: batch.count }]);
}

/** Records and times as an independent library reads them. */
function entries(...args: Parameters<typeof write>) {
  const read = [...decodeMulti(write(...args).bytes, { useBigInt64: true })];
  return read.map((entry) => {
    const [time, record] = entry as [{ data: Uint8Array }, Record<string, unknown>]; // an EventTime and a map
    const bytes = Buffer.from(time.data);
    return { seconds: bytes.readUInt32BE(0), nanoseconds: bytes.readUInt32BE(4), record };
  });
}

const records = (...args: Parameters<typeof write>) => entries(...args).map(({ record }) => record);

describe('EntryWriter', () => {
  it('writes text as a message, and the fields of a JSON line unchanged', () => {
    const identity = { labels: { team: 'x' }, pod: { name: 'web-1' } };
    expect(records(['hello é\n', '{"level":"info","n":12.5,"o":{"a":[1,null,true]}}', ''], identity)).toEqual(
      [
        { file: '/a', offset: 7, ...identity, message: 'hello é\n' },
        { file: '/a', offset: 7, ...identity, level: 'info', n: 12.5, o: { a: [1, null, true] } },
        { file: '/a', offset: 7, ...identity, message: '' },
      ],
    );
  });

  it.each([
    ['{"ts":1769860799.123456789}', 1769860799, 123456789],
    ['{"time":"2200-01-01T00:00:00Z"}', 1769860800, 250000000],
    ['{"time":"1900-01-01T00:00:00Z"}', 1769860800, 250000000],
    ['text', 1769860800, 250000000],
  ])('writes the time of %s to the nanosecond', (line, seconds, nanoseconds) => {
    expect(entries([line])[0]).toMatchObject({ seconds, nanoseconds });
  });

  it.each([
    ['{"n":9007199254740993}', { n: 9007199254740993n }],
    ['{"n":-9223372036854775808}', { n: -9223372036854775808n }],
    ['{"n":18446744073709551615}', { n: 18446744073709551615n }],
    ['{"n":18446744073709551616}', { n: '18446744073709551616' }],
    ['{"n":1e300}', { n: 1e300 }],
    ['{"n":0.1234567890123456789}', { n: 0.12345678901234568 }],
    ['{"s":"\\ud83d\\ude00 \\ud83d"}', { s: '😀 \uFFFD' }],
    ['{"file":1,"_file":2}', { file: 1, _file: 2, __file: '/a' }],
  ])('preserves %s', (line, expected) => {
    expect(records([line])[0]).toEqual({
      ...(line.includes('file') ? { offset: 7 } : { file: '/a', offset: 7 }),
      ...expected,
    });
  });

  it('treats __proto__ as data, and writes the deepest JSON allowed', () => {
    const deep = `{"a":${'['.repeat(498)}${']'.repeat(498)}}`;
    expect(write(['{"__proto__":{"x":1}}', deep]).count).toBe(2);
  });

  it('marks the parts of a long line', () => {
    const batch = new Batch<never, never>({ bytes: 1000, records: 10 });
    const writer = new EntryWriter(defaults, undefined);
    const bytes = Buffer.from('{"a":1}');
    writer.begin({ bytes, end: 7, base: 0 }, 0, { file: '/a', writtenMs: now, isAtEnd: true });
    writer.write(batch, { bytes, start: 0, end: 7, offset: 0, part: 2, isLast: true });
    const [[, record] = []] = [...decodeMulti(batch.select([{ from: 0, to: 1 }]).bytes)] as unknown[][];
    expect(record).toEqual({ file: '/a', offset: 0, part: 2, last: true, message: '{"a":1}' });
  });

  it.each([
    [{}, undefined, 'log'],
    [{ app: 'a' }, undefined, 'a'],
    [{ app: 'a', 'app.kubernetes.io/name': 'b' }, undefined, 'b'],
    [{ app: 'a' }, 'app.access', 'app.access'],
  ])('tags records with labels %j and the setting %j as %s', (labels, tag, expected) => {
    expect(write(['a'], { labels }, tag).groups.map(({ head }) => decode(head))).toEqual([expected]);
  });

  it('reports a full batch, and counts a line that is not JSON once', () => {
    const onNotJson = vi.fn();
    const writer = new EntryWriter({ ...defaults, parse: 'json', onNotJson }, undefined);
    const bytes = Buffer.from('x'.repeat(200));
    writer.begin({ bytes, end: 200, base: 0 }, 0, { file: '/a', writtenMs: now, isAtEnd: true });
    const batch = new Batch<never, never>({ bytes: 400, records: 10 });
    const line = { bytes, start: 0, end: 200, offset: 0, part: 0, isLast: true };
    expect([writer.write(batch, line), writer.write(batch, line)]).toEqual([true, false]);
    expect(onNotJson).toHaveBeenCalledTimes(1);
  });
});
