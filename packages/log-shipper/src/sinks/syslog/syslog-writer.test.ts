import { describe, expect, it, vi } from 'vitest';
import { readSyslogMessage, SyslogFrames } from '../../../testing/syslog-message.ts';
import { Batch } from '../../batch/batch.ts';
import type { RecordOptions } from '../../record/record-writer.ts';
import { messagesOf } from './messages.ts';
import { readSyslogUrl } from './syslog-url.ts';
import { SyslogWriter } from './syslog-writer.ts';

const now = Date.parse('2026-01-31T12:00:00.250Z');
const defaults: RecordOptions = {
  ...{ labels: {}, pod: { name: 'web-1' }, parse: 'auto', onNotJson: () => undefined, now: () => now },
};

function writerOf(options: Partial<RecordOptions> = {}, fragment = ''): SyslogWriter {
  const address = readSyslogUrl(`syslog+tcp://h${fragment}`);
  if (address === undefined || !('settings' in address)) throw new Error('not a URL');
  return new SyslogWriter({ ...defaults, ...options }, address.settings);
}

/** Writes these lines as a batch and returns its bytes. */
function write(
  lines: ReadonlyArray<string | Buffer>,
  writer = writerOf(),
  file = '/var/log/app.log',
): Buffer {
  const batch = new Batch<never, never>({ bytes: 100_000, records: 1000 });
  for (const [index, content] of lines.entries()) {
    const bytes = Buffer.from(content);
    const from = { file, writtenMs: now, isAtEnd: true };
    writer.begin({ bytes, end: bytes.length, base: index * 100 }, 0, from);
    const line = { bytes, start: 0, end: bytes.length, offset: index * 100, part: 0, isLast: true };
    expect(writer.write(batch, line)).toBe(true);
  }
  return batch.select([{ from: 0, to: batch.count }]).bytes;
}

const messages = (...args: Parameters<typeof write>) =>
  [...messagesOf(write(...args))].map(readSyslogMessage);

describe('SyslogWriter', () => {
  it('writes a message of RFC 5424 with its length before it', () => {
    expect(write(['server started']).toString()).toBe(
      '95 <14>1 2026-01-31T12:00:00.250Z web-1 app - - [log@32473 pod="web-1" file="/var/log/app.log" offset="0"] server started'.replace(
        /^\d+/,
        (_, __, text: string) => String(Buffer.byteLength(text) - text.indexOf(' ') - 1),
      ),
    );
  });

  it('keeps each line unchanged, including newlines', () => {
    const lines = ['', 'é "quoted" ]\\ \t', 'Error: x\n    at y\n', '{ "a":1 }\r', '9 <14>1 forged'];
    expect(messages(lines).map(({ msg }) => msg)).toEqual(lines);
    expect(messages([Buffer.from([0x61, 0xff, 0x62])]).map(({ msg }) => msg)).toEqual(['a\uFFFDb']);
  });

  it('writes a stream that is parsed the same wherever it is split', () => {
    const lines = ['one', '', 'two é\nthree', 'x'.repeat(200)];
    const bytes = write(lines);
    for (let at = 0; at <= bytes.length; at++) {
      const frames = new SyslogFrames();
      const read = [...frames.push(bytes.subarray(0, at)), ...frames.push(bytes.subarray(at))];
      expect(read.map(({ msg }) => msg)).toEqual(lines);
      expect(frames.isTorn).toBe(false);
    }
  });

  it.each([
    ['{"time":"2026-01-31T10:00:00.1234567+01:00"}', '2026-01-31T10:00:00.123456+01:00'],
    ['{"ts":1769860800.123456789}', '2026-01-31T12:00:00.123456Z'],
    ['{"time":"2026-01-31t10:00:00z"}', '2026-01-31T10:00:00.000Z'],
    ['{"time":"2016-12-31T23:59:60.5Z"}', '2016-12-31T23:59:59.500Z'],
    ['{"time":"soon"}', '2026-01-31T12:00:00.250Z'],
    ['text', '2026-01-31T12:00:00.250Z'],
  ])('writes the time of %s as %s', (line, expected) => {
    expect(messages([line])[0]?.time).toBe(expected);
  });

  it.each([
    ['{"level":"error"}', '', [1, 3]],
    ['{"level":"warn"}', '#facility=local3', [19, 4]],
    ['{"level":"debug"}', '', [1, 7]],
    ['{"level":"notice"}', '', [1, 5]],
    ['{"level":"fatal"}', '', [1, 2]],
    ['{"level":"emerg"}', '', [1, 2]],
    ['{"level":"info"}', '#facility=kern', [0, 6]],
    ['ERROR', '', [1, 6]],
  ])('maps the level of %s to a facility and severity %s', (line, fragment, expected) => {
    const [message] = messages([line], writerOf({}, fragment));
    expect([message?.facility, message?.severity]).toEqual(expected);
  });

  it('writes the other fields of a record as structured data', () => {
    const labels = { team: 'pay"ments]\\', file: 'mine', 'app.kubernetes.io/name': 'web' };
    const pod = { name: 'web-1', namespace: 'shop', node: 'n1', uid: 'u1' };
    const [, second] = messages(['a', 'b'], writerOf({ labels, pod }, '#id=pod@1'), '/var/log/a "b".log');
    expect(second).toMatchObject({ host: 'web-1', app: 'web', procId: '-', msgId: '-', id: 'pod@1' });
    const ours = { namespace: 'shop', pod: 'web-1', node: 'n1', uid: 'u1', _file: '/var/log/a "b".log' };
    expect(second?.params).toEqual({ ...labels, ...ours, offset: '100' });
  });

  it.each([
    [{}, '', '/var/log/access.log', 'access'],
    [{}, '', '/var/log/é b', '__b'],
    [{}, '', `/${'x'.repeat(100)}`, 'x'.repeat(48)],
    [{ app: 'shop' }, '', '/a', 'shop'],
    [{ app: 'shop', 'app.kubernetes.io/name': 'web' }, '', '/a', 'web'],
    [{ app: 'shop' }, '#app=cart', '/a', 'cart'],
  ])('names the app by %j and %j for %s: %s', (labels, fragment, file, expected) => {
    expect(messages(['a'], writerOf({ labels }, fragment), file)[0]?.app).toBe(expected);
  });

  it('marks the parts of a line above the limit', () => {
    const batch = new Batch<never, never>({ bytes: 1000, records: 10 });
    const writer = writerOf();
    const bytes = Buffer.from('{"a":1}');
    writer.begin({ bytes, end: bytes.length, base: 0 }, 0, { file: '/a', writtenMs: now, isAtEnd: true });
    for (const [part, isLast] of [
      [1, false],
      [2, true],
    ] as const) {
      writer.write(batch, { bytes, start: 0, end: bytes.length, offset: 0, part, isLast });
    }
    const read = [...messagesOf(batch.select([{ from: 0, to: 2 }]).bytes)].map(readSyslogMessage);
    expect(read.map(({ params }) => [params['part'], params['last']])).toEqual([
      ['1', undefined],
      ['2', 'true'],
    ]);
  });

  it('reports a full batch, and counts a line that is not JSON once', () => {
    const onNotJson = vi.fn();
    const writer = writerOf({ parse: 'json', onNotJson });
    const bytes = Buffer.from('x'.repeat(200));
    writer.begin({ bytes, end: 200, base: 0 }, 0, { file: '/a', writtenMs: now, isAtEnd: true });
    const batch = new Batch<never, never>({ bytes: 500, records: 10 });
    const line = { bytes, start: 0, end: 200, offset: 0, part: 0, isLast: true };
    expect([writer.write(batch, line), writer.write(batch, line)]).toEqual([true, false]);
    expect(onNotJson).toHaveBeenCalledTimes(1);
  });
});
