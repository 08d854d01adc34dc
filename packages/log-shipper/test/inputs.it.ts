import { appendFileSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { metric } from './support/admin.ts';
import { Receiver } from './support/receiver.ts';
import { adminUrl, type Flags, started, startShipper } from './support/shipper.ts';

/** A shipper that reads the files of a new folder, and the backend that receives their lines. */
async function shipping(files: Readonly<Record<string, string | Buffer>>, flags: Flags = {}) {
  const dir = tempDir();
  const receiver = await Receiver.start();
  for (const [name, content] of Object.entries(files)) writeFileSync(dir.file(name), content);
  const start = (others: Flags = {}) =>
    startShipper({
      ...{ paths: dir.file('*.log'), sink: receiver.url, 'state-dir': dir.file('state') },
      ...{ ...flags, ...others },
    });
  const stack = new AsyncDisposableStack();
  stack.defer(() => dir[Symbol.dispose]());
  stack.use(receiver);
  return {
    ...{ dir, receiver, start, shipper: stack.use(start()) },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

describe.concurrent('times', () => {
  it('are read in the formats of common loggers and of the options', async () => {
    const lines = '{"ts":"2026-07-31 12:00:00,250"}\n{"ts":"31/Jul/2026:12:00:00 +0000"}\n{"ts":1.7e9}\n';
    const flags = { 'time-zone': 'Europe/Berlin', 'time-format': '%d/%b/%Y:%H:%M:%S %z' };
    await using run = await shipping({ 'a.log': lines }, flags);
    await run.receiver.received(3);
    expect(run.receiver.records.map(({ time }) => time)).toEqual([
      '2026-07-31T12:00:00.250+02:00',
      '2026-07-31T12:00:00.000Z',
      '2023-11-14T22:13:20.000Z',
    ]);
  });

  it('that cannot be read are counted, and logged once for each file', async () => {
    const unread = '{"ts":"yesterday"}\n{"ts":"today"}\n';
    await using run = await shipping({ 'a.log': unread, 'b.log': `${unread}{"ts":1700000000}\n` });
    const admin = await adminUrl(run.shipper);
    await run.receiver.received(5);
    expect(await metric(admin, 'log_shipper_unread_times_total')).toBe(4);
    await run.shipper.stop();
    const said = run.shipper.log.filter((entry) => entry['msg'] === 'unknown time format');
    expect(said).toHaveLength(2);
    expect(said[0]).toMatchObject({ field: 'ts', value: '"yesterday"' });
  });
});

describe.concurrent('fields', () => {
  it('are read from logfmt; other lines become messages and are counted', async () => {
    const lines = 'ts=2026-07-31T12:00:00Z level=info msg="a b"\nserver started\n{"level":"warn"}\n';
    await using run = await shipping({ 'a.log': lines }, { parse: 'logfmt' });
    await run.receiver.received(3);
    expect(run.receiver.records).toMatchObject([
      { time: '2026-07-31T12:00:00.000Z', offset: 0, level: 'info', msg: 'a b' },
      { offset: 45, message: 'server started' },
      { offset: 60, level: 'warn' },
    ]);
    const admin = await adminUrl(run.shipper);
    expect(await metric(admin, 'log_shipper_errors_total', { reason: 'not_logfmt' })).toBe(1);
  });

  it('are read from the named groups of an expression', async () => {
    const lines = '10.0.0.1 [31/Jan/2026:12:00:00 +0000] "GET /" 200\n';
    const parse = String.raw`/^(?<client>\S+) \[(?<time>[^\]]+)\] "(?<message>[^"]*)" (?<status>\d+)/`;
    const flags = { parse, 'time-format': '%d/%b/%Y:%H:%M:%S %z' };
    await using run = await shipping({ 'a.log': lines }, flags);
    await run.receiver.received(1);
    expect(run.receiver.records[0]).toMatchObject({
      ...{ _time: '2026-01-31T12:00:00.000Z', client: '10.0.0.1', message: 'GET /', status: '200' },
    });
  });
});

describe.concurrent('encodings', () => {
  it('of Windows are detected by their byte order mark, with offsets in the file, also after a restart', async () => {
    const text = Buffer.from('\ufeffone\r\n{"text":"zwei 😀"}\r\n', 'utf16le');
    await using run = await shipping({ 'a.log': text });
    await run.receiver.received(2);
    await run.shipper.stop();
    appendFileSync(run.dir.file('a.log'), Buffer.from('drei\r\n', 'utf16le'));
    await using again = run.start();
    await run.receiver.received(3);
    await again.stop();
    expect(run.receiver.records).toMatchObject([
      { offset: 2, message: 'one\r' },
      { offset: 12, text: 'zwei 😀' },
      { offset: text.length, message: 'drei\r' },
    ]);
    expect(run.receiver.records).toHaveLength(3);
  });

  it('can be set by an option', async () => {
    await using run = await shipping(
      { 'a.log': Buffer.from('zwölf §\n', 'latin1') },
      { encoding: 'latin-1' },
    );
    await run.receiver.received(1);
    expect(run.receiver.records[0]).toMatchObject({ message: 'zwölf §' });
  });

  it('may have NULs after the last character while the file is written', async () => {
    const text = Buffer.from('one\ntwo\n', 'utf16le');
    await using run = await shipping({ 'a.log': text.subarray(0, 9) }, { encoding: 'utf-16le' });
    await run.receiver.received(1);
    appendFileSync(run.dir.file('a.log'), text.subarray(9));
    await run.receiver.received(2);
    expect(run.receiver.records).toMatchObject([{ message: 'one' }, { offset: 8, message: 'two' }]);
  });
});

describe.concurrent('files', () => {
  it('are read from their end with --start end, and from their position after a restart', async () => {
    await using run = await shipping({ 'a.log': 'one\ntwo\n' }, { start: 'end' });
    await started(run.shipper);
    appendFileSync(run.dir.file('a.log'), 'three\n');
    writeFileSync(run.dir.file('b.log'), 'new\n');
    await run.receiver.received(2);
    await run.shipper.stop();
    appendFileSync(run.dir.file('a.log'), 'four\n');
    await using again = run.start();
    await run.receiver.received(3);
    await again.stop();
    expect(run.receiver.records.map(({ message }) => message).sort()).toEqual(['four', 'new', 'three']);
  });

  it('are read from their start after a damaged checkpoint, whatever --start says', async () => {
    await using run = await shipping({ 'a.log': 'one\n' }, { start: 'end' });
    await started(run.shipper);
    await run.shipper.stop();
    writeFileSync(run.dir.file('state/checkpoint'), 'damaged');
    await using again = run.start();
    await run.receiver.received(1);
    await again.stop();
    expect(run.receiver.records).toMatchObject([{ offset: 0, message: 'one' }]);
  });

  it('are left out by --exclude-paths and --ignore-older', async () => {
    await using run = await shipping({ 'debug.log': 'no\n' });
    await run.shipper.stop();
    const old = run.dir.file('old.log');
    writeFileSync(old, 'old\n');
    utimesSync(old, new Date(), new Date(Date.now() - 3_600_000));
    writeFileSync(run.dir.file('a.log'), 'one\n');
    const before = run.receiver.records.length;
    await using again = run.start({
      ...{ 'exclude-paths': run.dir.file('debug*'), 'ignore-older': '30m' },
      'state-dir': run.dir.file('other-state'),
    });
    const admin = await adminUrl(again);
    await run.receiver.received(before + 1);
    expect(await metric(admin, 'log_shipper_files', { state: 'old' })).toBe(1);
    await again.stop();
    expect(run.receiver.records.slice(before)).toMatchObject([{ file: run.dir.file('a.log') }]);
  });
});

describe.concurrent('a rate limit', () => {
  it('slows down reading, is lifted at a stop, and loses no line', async () => {
    const lines = Array.from({ length: 200 }, (_, index) => `line ${index}\n`).join('');
    const startedMs = performance.now();
    await using run = await shipping({ 'a.log': lines }, { 'rate-limit': '40/s' });
    await run.receiver.received(30);
    // a burst of ten passes at once
    const soonestMs = ((run.receiver.records.length - 10) / 40) * 1000;
    expect(performance.now() - startedMs).toBeGreaterThan(soonestMs * 0.9);
    await run.shipper.stop();
    expect(run.receiver.records.map(({ message }) => message).join('\n')).toBe(lines.trimEnd());
  });
});

describe.concurrent('--config', () => {
  it('sets parsing, labels and sinks for the files of some paths', async () => {
    await using run = await shipping({ 'b.txt': '' });
    await run.shipper.stop();
    const { dir, receiver } = run;
    await using other = await Receiver.start();
    mkdirSync(dir.file('cart'));
    writeFileSync(dir.file('cart/a.log'), 'level=info msg=hello\n');
    writeFileSync(dir.file('a.log'), 'level=info msg=hello\n');
    writeFileSync(
      dir.file('shipper.yaml'),
      `files:
  - paths: ${dir.path}/*/*.log
    parse: logfmt
    labels: { kind: app }
    path-labels: /\\/(?<app>[^/]+)\\/[^/]+$/
    sinks: ${other.url}
`,
    );
    await using shipper = run.start({
      ...{ paths: [dir.file('*.log'), dir.file('*/*.log')], config: dir.file('shipper.yaml') },
      ...{ sink: [receiver.url, other.url], label: 'team=shop' },
    });
    await other.received(2);
    await receiver.received(1);
    await shipper.stop();
    expect(other.records).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ msg: 'hello', labels: { team: 'shop', kind: 'app', app: 'cart' } }),
        expect.objectContaining({ message: 'level=info msg=hello', labels: { team: 'shop' } }),
      ]),
    );
    expect(receiver.records).toMatchObject([{ file: dir.file('a.log') }]);
    expect(shipper.stderr.join('\n')).not.toContain('unshipped data');
  });

  it('with mistakes makes the start fail with exit code 2 and one line for each', async () => {
    await using run = await shipping({});
    await run.shipper.stop();
    writeFileSync(run.dir.file('c.yaml'), 'files: [ { paths: /a, prase: x }, { paths: /b, parse: y } ]');
    await using shipper = run.start({ config: run.dir.file('c.yaml') });
    expect(await shipper.ended).toEqual({ code: 2, signal: null });
    expect(shipper.stderr).toHaveLength(2);
  });
});
