import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { Batch } from '../../batch/batch.ts';
import type { RecordOptions } from '../../record/record-writer.ts';
import { lokiForm } from './loki-form.ts';
import { LokiWriter } from './loki-writer.ts';

const now = Date.parse('2026-01-31T12:00:00.250Z');
const nowNanoseconds = '1769860800250000000';
const defaults: RecordOptions = {
  ...{ labels: {}, pod: {}, parse: 'auto', onNotJson: () => undefined, now: () => now },
};

interface PushBody {
  readonly streams: ReadonlyArray<{
    readonly stream: Record<string, string>;
    readonly values: ReadonlyArray<readonly [string, string, Record<string, string>]>;
  }>;
}

/** Parses the push of these files' contents, each with a final newline. */
function push(
  files: ReadonlyArray<readonly [string, string | Buffer]>,
  writer = new LokiWriter(defaults),
  { writtenMs = now, isAtEnd = true } = {},
) {
  const batch = new Batch<never, never>({ bytes: 100_000, records: 1000 });
  for (const [file, content] of files) {
    const bytes = Buffer.from(content);
    writer.begin({ bytes, end: bytes.length, base: 0 }, 0, { file, writtenMs, isAtEnd });
    for (let start = 0; start < bytes.length; ) {
      const end = bytes.indexOf(0x0a, start);
      const line = { bytes, start, end, offset: start, part: 0, isLast: true };
      expect(writer.write(batch, line)).toBe(true);
      start = end + 1;
    }
  }
  const records = batch.select([{ from: 0, to: batch.count }]);
  const body: PushBody = JSON.parse(lokiForm().body(records).toString());
  return body.streams;
}

const times = (content: string, writer?: LokiWriter) =>
  push([['/a', content]], writer).flatMap(({ values }) => values.map(([time]) => time));

describe('LokiWriter', () => {
  it('writes lines of text and JSON unchanged', () => {
    const json = '{ "level":"info", "amount":12.50, "text":"\\u00e9 \\"x\\"" }\r';
    const [stream] = push([['/a', `hello "world"\t\\\n${json}\n\n`]]);
    expect(stream?.values.map(([, line]) => line)).toEqual(['hello "world"\t\\', json, '']);
    expect(stream?.values.map(([, , metadata]) => metadata)).toEqual([
      ...[{ offset: '0' }, { offset: '16' }, { offset: String(17 + json.length) }],
    ]);
  });

  it('writes labels once per stream, and fields with many values per line', () => {
    const identity = {
      labels: { team: 'a' },
      pod: { name: 'web-1', namespace: 'shop', node: 'n1', uid: 'u1' },
    };
    const writer = new LokiWriter({ ...defaults, ...identity });
    const labels = { team: 'a', namespace: 'shop', pod: 'web-1' };
    const metadata = { node: 'n1', pod_uid: 'u1' };
    const streams = push(
      [
        ['/a', '1\n2\n'],
        ['/b', '3\n'],
        ['/a', '4\n'],
      ],
      writer,
    );
    expect(streams).toMatchObject([
      {
        stream: { ...labels, file: '/a' },
        values: [
          [nowNanoseconds, '1', { ...metadata, offset: '0' }],
          [expect.anything(), '2', {}],
        ],
      },
      { stream: { ...labels, file: '/b' }, values: [[nowNanoseconds, '3', { ...metadata, offset: '0' }]] },
      { stream: { ...labels, file: '/a' }, values: [[expect.anything(), '4', {}]] },
    ]);
  });

  it.each<[string, string, string]>([
    ['its own time', '{"ts":"2026-01-31T10:00:00.123456789+01:00"}', '1769850000123456789'],
    ['its own time as a number', '{"time":1769850000.5}', '1769850000500000000'],
    ['the time of the read for text', '2026-01-31T10:00:00Z INFO x', nowNanoseconds],
    ['the time of the read for an invalid time', '{"ts":"yesterday"}', nowNanoseconds],
    ['the time of the read for a time in the future', '{"ts":"2026-01-31T12:00:00.251Z"}', nowNanoseconds],
    ['the time of the read for a time before 1970', '{"ts":"1969-01-31T12:00:00.251Z"}', nowNanoseconds],
  ])('uses the time of a line: %s', (_, content, expected) => {
    expect(times(`${content}\n`)).toEqual([expected]);
  });

  describe('gives a line without a time', () => {
    const at = (seconds: number) => `{"ts":${1_769_850_000 + seconds}}\n`;
    const shown = (content: string, origin: { writtenMs?: number; isAtEnd?: boolean } = {}) =>
      push([['/a', content]], undefined, origin).flatMap(({ values }) =>
        values.map(([time]) => (Number(time) / 1e9 - 1_769_850_000).toFixed(3)),
      );

    it.each<[string, string, readonly string[]]>([
      ['the next time in the file', `text\n${at(1)}${at(2)}`, ['1.000', '1.000', '2.000']],
      ['the time of the previous line', `${at(1)}text\n{}\n${at(2)}`, ['1.000', '1.000', '1.000', '2.000']],
      ['the time of the file at its end', `${at(1)}text\n`, ['1.000', '5000.000']],
      ['the time of the file if no line has one', 'text\n', ['5000.000']],
      ['the time of the file if the next one is later', `text\n${at(6000)}`, ['5000.000', '6000.000']],
    ])('%s', (_, content, expected) => {
      expect(shown(content, { writtenMs: 1_769_855_000_000 })).toEqual(expected);
    });

    it('the time of the previous line if the file continues', () => {
      expect(shown(`${at(1)}text\n`, { isAtEnd: false })).toEqual(['1.000', '1.000']);
    });

    it('in linear time, for any number of lines', () => {
      const content = 'text\n'.repeat(900);
      const indexOf = vi.spyOn(Buffer.prototype, 'indexOf');
      push([['/a', content]]);
      expect(indexOf.mock.calls.length).toBeLessThan(4 * 900);
      indexOf.mockRestore();
    });
  });

  it('writes strictly increasing times within a stream', () => {
    const at = (seconds: number) => `{"ts":${1_769_850_000 + seconds}}\n`;
    expect(times(`${at(1)}${at(1)}${at(0)}${at(2)}`)).toEqual([
      ...['1769850001000000000', '1769850001000000001', '1769850001000000002', '1769850002000000000'],
    ]);
    const last = '{"ts":"2026-01-31T09:00:00.999999999Z"}\n';
    expect(times(`${last}${last}`)).toEqual(['1769850000999999999', '1769850001000000000'].map(String));
  });

  it('continues each stream after the last time of the previous batch', () => {
    const writer = new LokiWriter(defaults);
    expect(times('a\n', writer)).toEqual([nowNanoseconds]);
    expect(push([['/b', 'a\n']], writer)[0]?.values[0]?.[0]).toBe(nowNanoseconds);
    expect(times('a\n', writer)).toEqual(['1769860800250000001']);
  });

  it('does not advance the time for a line that must wait for the next batch', () => {
    const writer = new LokiWriter(defaults);
    const bytes = Buffer.from('a\n');
    const line = { bytes, start: 0, end: 1, offset: 0, part: 0, isLast: true };
    writer.begin({ bytes, end: 2, base: 0 }, 0, { file: '/a', writtenMs: now, isAtEnd: true });
    const full = new Batch<never, never>({ bytes: 100, records: 0 });
    expect(writer.write(full, line)).toBe(false);
    expect(times('a\n', writer)).toEqual([nowNanoseconds]);
  });

  it('marks parts and never parses them as JSON', () => {
    const writer = new LokiWriter(defaults);
    const batch = new Batch<never, never>({ bytes: 10_000, records: 10 });
    const bytes = Buffer.from('{"ts":1769850000}');
    writer.begin({ bytes, end: bytes.length, base: 0 }, 0, { file: '/a', writtenMs: now, isAtEnd: true });
    const line = { bytes, start: 0, end: bytes.length, offset: 7 };
    writer.write(batch, { ...line, part: 1, isLast: false });
    writer.write(batch, { ...line, part: 2, isLast: true });
    const entries = JSON.parse(
      `[${batch
        .select([{ from: 0, to: 2 }])
        .bytes.toString()
        .slice(0, -2)}]`,
    );
    expect(entries).toEqual([
      [nowNanoseconds, bytes.toString(), { offset: '7', part: '1' }],
      ['1769860800250000001', bytes.toString(), { offset: '7', part: '2', last: 'true' }],
    ]);
  });

  it.each([
    ['auto', 0],
    ['json', 1],
    ['none', 0],
  ] as const)('counts, with --parse %s, %d lines that are not JSON objects', (parse, count) => {
    const onNotJson = vi.fn();
    const writer = new LokiWriter({ ...defaults, parse, onNotJson });
    times('text\n{"ts":1769850000}\n', writer);
    expect(onNotJson).toHaveBeenCalledTimes(count);
    expect(times('{"ts":1769850000}\n', new LokiWriter({ ...defaults, parse }))).toEqual([
      parse === 'none' ? nowNanoseconds : '1769850000000000000',
    ]);
  });

  it('replaces invalid UTF-8', () => {
    const [stream] = push([['/a', Buffer.from([0x61, 0xff, 0xc3, 0x28, 0x0a])]]);
    expect(stream?.values[0]?.[1]).toBe('a\ufffd\ufffd(');
  });

  it("lets an entry above the batch's limit go alone", () => {
    const writer = new LokiWriter(defaults);
    const batch = new Batch<never, never>({ bytes: 1000, records: 10 });
    const bytes = Buffer.from('\u0001'.repeat(5000));
    writer.begin({ bytes, end: bytes.length, base: 0 }, 0, { file: '/a', writtenMs: now, isAtEnd: true });
    const line = { bytes, start: 0, end: bytes.length, offset: 0, part: 0, isLast: true };
    expect([writer.write(batch, line), writer.write(batch, line)]).toEqual([true, false]);
    const [[, text]] = JSON.parse(
      `[${batch
        .select([{ from: 0, to: 1 }])
        .bytes.toString()
        .slice(0, -2)}]`,
    );
    expect(text).toBe(bytes.toString());
  });

  it('preserves any lines of any files, in order, with increasing times in each stream', () => {
    const time = fc.integer({ min: 1_769_850_000, max: 1_769_870_000 });
    const line = fc.oneof(
      fc.string({ unit: 'binary' }).map((text) => text.replaceAll(/[\n\ud800-\udfff]/g, '')),
      time.map((seconds) => `{"ts":${seconds},"a":"b"}`),
    );
    const chunk = fc.tuple(fc.constantFrom('/a', '/b "quoted"', '/ä'), fc.array(line, { maxLength: 6 }));
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 6 }), (chunks) => {
        const read = new Map<string, string[]>();
        const last = new Map<string, bigint>();
        for (const { stream, values } of push(
          chunks.map(([file, lines]) => [file, lines.map((text) => `${text}\n`).join('')] as const),
        )) {
          const { file = '' } = stream;
          for (const [nanoseconds, text] of values) {
            expect(BigInt(nanoseconds)).toBeGreaterThan(last.get(file) ?? 0n);
            last.set(file, BigInt(nanoseconds));
            read.set(file, [...(read.get(file) ?? []), text]);
          }
        }
        for (const file of ['/a', '/b "quoted"', '/ä']) {
          const written = chunks.flatMap(([name, lines]) => (name === file ? lines : []));
          expect(read.get(file) ?? []).toEqual(written);
        }
      }),
    );
  });
});
