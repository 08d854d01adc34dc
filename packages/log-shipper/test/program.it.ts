import {
  appendFileSync,
  closeSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { needs } from '@pod-patterns/kit/testing/needs';
import { RunningProgram } from '@pod-patterns/kit/testing/program';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { metric, status } from './support/admin.ts';
import { account, lines, perfect } from './support/lines.ts';
import { Receiver } from './support/receiver.ts';
import { adminUrl, started, startShipper } from './support/shipper.ts';
import { fill, mounting, smallDisk } from './support/small-disk.ts';

describe.concurrent('the command line', () => {
  it.each([
    [
      'an unknown scheme',
      { sink: 'kafka://h/topic' },
      /^log-shipper: --sink "kafka:\/\/h\/topic": expected a sink URL: stdout:,.*http/,
    ],
    ['no host', { sink: 'http://' }, /^log-shipper: --sink "http:\/\/": expected a sink URL/],
    ['an unsupported scheme', { sink: 'gopher://h/logs' }, /expected a sink URL/],
    [
      'a compression that Loki does not support',
      { sink: 'loki+http://h#compression=zstd' },
      /: Loki does not support zstd$/,
    ],
    ['a misspelt setting', { sink: 'http://h#bearr=/t' }, /: unknown key "bearr" \(did you mean bearer\?\)$/],
    [
      'an expression that RE2 does not know',
      { include: 'a(' },
      /^log-shipper: --include "a\(": .*missing closing \)/,
    ],
    [
      'an expression without fields',
      { parse: '/level/' },
      /^log-shipper: --parse "\/level\/": expected a named group for each field/,
    ],
    ['an unknown time zone', { 'time-zone': 'Mars' }, /^log-shipper: --time-zone "Mars": unknown time zone/],
    [
      'a time without a day',
      { 'time-format': '%H:%M' },
      /^log-shipper: --time-format "%H:%M": expected %s, or/,
    ],
    [
      'a rate without a unit',
      { 'rate-limit': '5' },
      /^log-shipper: --rate-limit "5": expected lines or bytes/,
    ],
    ['a bad label', { label: 'team' }, /^log-shipper: --label "team": expected KEY=VALUE/],
    ['a bad size', { 'max-line': '1' }, /^log-shipper: --max-line "1": expected a size from 1KiB to 16MiB/],
    [
      'a misspelt option',
      { 'partial-timout': '1s' },
      /^log-shipper: --partial-timout: unknown option \(did you mean --partial-timeout\?\)/,
    ],
  ])('with %s fails with exit code 2 and one line', async (_, flags, expected) => {
    using dir = tempDir();
    await using shipper = startShipper({
      ...{ paths: dir.file('*.log'), sink: 'stdout:', 'state-dir': dir.file('state') },
      ...flags,
    });
    expect(await shipper.ended).toEqual({ code: 2, signal: null });
    expect(shipper.stderr).toHaveLength(1);
    expect(shipper.stderr[0]).toMatch(expected);
  });

  it('refuses a sink file that --paths matches', async () => {
    using dir = tempDir();
    const flags = {
      paths: dir.file('*.log'),
      sink: `file://${dir.file('out.log')}`,
      'state-dir': dir.file('state'),
    };
    await using shipper = startShipper(flags);
    expect(await shipper.ended).toEqual({ code: 2, signal: null });
    expect(shipper.stderr).toEqual([
      expect.stringMatching(/--sink ".*out\.log": expected a path that --paths does not match$/),
    ]);
  });

  it('can be replaced by environment variables', async () => {
    using dir = tempDir();
    await using receiver = await Receiver.start();
    writeFileSync(dir.file('a.log'), '{"x":1}\n');
    writeFileSync(dir.file('b.txt'), 'text\n');
    const env = {
      ...{ LOG_PATHS: `${dir.path}/{a,none}.log,${dir.path}/*.txt`, SINK_URL: receiver.url },
      ...{
        STATE_DIR: dir.file('state'),
        ADMIN_LISTEN: '127.0.0.1:0',
        LOG_SHIPPER_LABELS: 'team=payments,env=dev',
      },
      ...{ POD_NAME: 'web-1', POD_NAMESPACE: 'shop', NODE_NAME: 'node-1', POD_UID: 'u-1' },
    };
    await using shipper = await started(startShipper({}, env));
    await receiver.received(2);
    const labels = { team: 'payments', env: 'dev' };
    const pod = { name: 'web-1', namespace: 'shop', node: 'node-1', uid: 'u-1' };
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(receiver.records).toEqual([
      { time, file: dir.file('a.log'), offset: 0, labels, pod, x: 1 },
      { time, file: dir.file('b.txt'), offset: 0, message: 'text', labels, pod },
    ]);
    await shipper.stop();
  });
});

describe.concurrent('lines', () => {
  it('are grouped, filtered and redacted before they are sent, for all sinks and the dead letter', async () => {
    using dir = tempDir();
    await using receiver = await Receiver.start();
    receiver.behaviour = ({ body }) => (body.includes('bad') ? 400 : 200);
    writeFileSync(
      dir.file('app.log'),
      'GET https://me:secret@host/\nhealth check\nError: boom\n    at run (/app/a.js:1:7)\n{"authorization":"Bearer secret","id":"4111 1111 1111 1111"}\nbad a://u:secret@h\nend\n',
    );
    const out = dir.file('out.ndjson');
    const dead = dir.file('dead.ndjson');
    await using shipper = await started(
      startShipper({
        ...{
          paths: dir.file('app.log'),
          'state-dir': dir.file('state'),
          sink: [receiver.url, `file://${out}`],
        },
        ...{ multiline: 'node', exclude: 'health', redact: ['card-number', '/e[n]d/'], 'dead-letter': dead },
      }),
    );
    await receiver.received(4);
    const admin = await adminUrl(shipper);
    expect(await metric(admin, 'log_shipper_filtered_lines_total')).toBeGreaterThan(0);
    expect(
      await metric(admin, 'log_shipper_redacted_lines_total', { pattern: 'url-credentials' }),
    ).toBeGreaterThan(0);
    await shipper.stop();
    expect(receiver.records.map(({ message, authorization, id }) => message ?? [authorization, id])).toEqual([
      'GET https://me:***@host/',
      'Error: boom\n    at run (/app/a.js:1:7)',
      ['Bearer ***', '***'],
      '***',
    ]);
    const written = readFileSync(out, 'utf8') + readFileSync(dead, 'utf8');
    expect(written).not.toContain('secret');
    expect(JSON.parse(readFileSync(dead, 'utf8')).message).toBe('bad a://u:***@h');
  });
});

describe.concurrent('the file sink', () => {
  it('keeps only whole records, also when it is killed during a write', async () => {
    using dir = tempDir();
    const out = dir.file('out/records.ndjson');
    const flags = { paths: dir.file('app.log'), sink: `file://${out}`, 'state-dir': dir.file('state') };
    writeFileSync(dir.file('app.log'), lines(0, 100));
    await using first = await started(startShipper(flags));
    await eventually(() => readFileSync(out, 'utf8').split('\n').length === 101);
    await first.stop('SIGKILL');
    appendFileSync(out, '{"id":100,"torn');
    appendFileSync(dir.file('app.log'), lines(100, 200));
    await using second = await started(startShipper(flags));
    await second.stop();
    const records = readFileSync(out, 'utf8')
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text));
    const { twice, ...rest } = account(records, 0, 200);
    expect({ ...rest, twice: twice % 100 }).toEqual(perfect);
  });

  it('continues in a new file after its file is rotated', async () => {
    using dir = tempDir();
    const out = dir.file('records.ndjson');
    await using shipper = await started(
      startShipper({ paths: dir.file('app.log'), sink: `file://${out}`, 'state-dir': dir.file('state') }),
    );
    writeFileSync(dir.file('app.log'), lines(0, 10));
    await eventually(() => readFileSync(out, 'utf8').split('\n').length === 11);
    renameSync(out, `${out}.1`);
    appendFileSync(dir.file('app.log'), lines(10, 20));
    await eventually(() => readFileSync(out, 'utf8').split('\n').length === 11);
    await shipper.stop();
  });
});

describe.concurrent('a full disk', needs(mounting), () => {
  it('holds the file sink, whose file has only whole records, until there is room', async () => {
    using dir = tempDir();
    using disk = smallDisk(512);
    const out = join(disk.path, 'records.ndjson');
    writeFileSync(dir.file('app.log'), lines(0, 1000));
    await using shipper = await started(
      startShipper({ paths: dir.file('app.log'), sink: `file://${out}`, 'state-dir': dir.file('state') }),
    );
    await eventually(() => readFileSync(out, 'utf8').split('\n').length === 1001);
    const filler = fill(disk.path);
    appendFileSync(dir.file('app.log'), lines(1000, 2000));
    await shipper.waitForLog('sink failing', { where: ({ reason }) => /ENOSPC/.test(String(reason)) });
    expect(readFileSync(out, 'utf8').endsWith('}\n')).toBe(true);
    rmSync(filler);
    await shipper.waitForLog('sink recovered', { timeoutMs: 30_000 });
    await shipper.stop();
    const records = readFileSync(out, 'utf8').trimEnd().split('\n');
    expect(
      account(
        records.map((text) => JSON.parse(text)),
        0,
        2000,
      ),
    ).toEqual(perfect);
  });

  it('loses no dead letter', async () => {
    using dir = tempDir();
    using disk = smallDisk(64);
    await using receiver = await Receiver.start();
    receiver.behaviour = ({ body }) => (/"id":7,/.test(body.toString()) ? 400 : 200);
    const dead = join(disk.path, 'dead.ndjson');
    const filler = fill(disk.path);
    writeFileSync(dir.file('app.log'), lines(0, 20));
    const flags = {
      paths: dir.file('app.log'),
      sink: receiver.url,
      'state-dir': dir.file('state'),
      'dead-letter': dead,
    };
    await using shipper = await started(startShipper(flags));
    await shipper.waitForLog('dead-letter file failing');
    expect(receiver.records.some(({ id }) => id === 8)).toBe(false);
    rmSync(filler);
    await receiver.received(19);
    expect(JSON.parse(readFileSync(dead, 'utf8')).id).toBe(7);
    expect(account(receiver.records, 0, 20)).toEqual({ ...perfect, lost: '7' });
    await shipper.stop();
  });
});

describe.concurrent('standard output', () => {
  it('slows down reading to the pace of its reader, and holds up nothing else', async () => {
    using dir = tempDir();
    writeFileSync(dir.file('app.log'), lines(0, 100_000));
    await using shipper = startShipper({
      paths: dir.file('app.log'),
      sink: 'stdout:',
      'state-dir': dir.file('state'),
    });
    shipper.process.stdout?.pause();
    await started(shipper);
    const admin = await adminUrl(shipper);
    expect((await fetch(`${admin}/livez`)).status).toBe(200);
    const before = await status(admin);
    expect(before.lagBytes).toBeGreaterThan(0);
    shipper.process.stdout?.resume();
    await eventually(async () => (await status(admin)).lagBytes === 0, { timeoutMs: 30_000 });
    await shipper.stop();
    const records = shipper.stdout
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text));
    expect(account(records, 0, 100_000)).toEqual(perfect);
  });

  it('that was closed ends the shipper with exit code 3; the next run loses nothing', async () => {
    using dir = tempDir();
    writeFileSync(dir.file('app.log'), lines(0, 10));
    const flags = { paths: dir.file('app.log'), sink: 'stdout:', 'state-dir': dir.file('state') };
    await using first = startShipper(flags);
    first.process.stdout?.destroy();
    expect(await first.ended).toEqual({ code: 3, signal: null });
    expect(first.log.at(-1)).toMatchObject({ level: 'error', code: 'stdout-closed' });
    await using second = await started(startShipper(flags));
    await second.stop();
    expect(second.stdout.trimEnd().split('\n')).toHaveLength(10);
  });
});

describe.concurrent('the admin port', () => {
  it('reports the exact lag in metrics, as JSON, as text and as a page', async () => {
    using dir = tempDir();
    await using receiver = await Receiver.start();
    receiver.behaviour = ({ lines: sent }) => (sent.length > 0 && receiver.records.length >= 10 ? 503 : 200);
    const log = dir.file('<app>.log');
    writeFileSync(log, lines(0, 10));
    await using shipper = await started(
      startShipper({ paths: log, sink: receiver.url, 'state-dir': dir.file('state') }),
    );
    const admin = await adminUrl(shipper);
    await eventually(async () => (await status(admin)).lagBytes === 0 && receiver.records.length === 10);
    expect(await metric(admin, 'log_shipper_lag_bytes')).toBe(0);
    expect(await metric(admin, 'log_shipper_lag_seconds')).toBe(0);
    appendFileSync(log, lines(10, 30));
    const behind = Buffer.byteLength(lines(10, 30));
    await eventually(async () => (await metric(admin, 'log_shipper_lag_bytes')) === behind);
    await eventually(async () => (await metric(admin, 'log_shipper_lag_seconds')) > 1);

    const now = await status(admin);
    expect(now).toMatchObject({
      ...{ records: 10, lagBytes: behind, checkpoint: 'ok' },
      sinks: [{ sink: receiver.url, state: 'failing', reason: 'status 503', records: 10, lagBytes: behind }],
      files: [
        { file: log, path: log, state: 'active', size: Buffer.byteLength(lines(0, 30)), lagBytes: behind },
      ],
    });
    expect(now.files[0]?.positions).toEqual({ [receiver.url]: Buffer.byteLength(lines(0, 10)) });
    expect(await metric(admin, 'log_shipper_records_total', { sink: receiver.url })).toBe(10);
    expect(await metric(admin, 'log_shipper_bytes_total')).toBe(Buffer.byteLength(lines(0, 10)));
    expect(await metric(admin, 'log_shipper_files', { state: 'active' })).toBe(1);
    expect(await (await fetch(admin)).text()).toContain(log);
    const page = await fetch(admin, { headers: { accept: 'text/html' } });
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
    const html = await page.text();
    expect(html).toContain('&#60;app&#62;.log');
    expect(html).not.toContain('<app>');
  });

  it('reports ready and live while the sink is away', async () => {
    using dir = tempDir();
    await using shipper = await started(
      startShipper({ paths: dir.file('*.log'), sink: 'http://127.0.0.1:1/', 'state-dir': dir.file('state') }),
    );
    const admin = await adminUrl(shipper);
    writeFileSync(dir.file('a.log'), 'x\n');
    await shipper.waitForLog('sink failing');
    expect((await fetch(`${admin}/readyz`)).status).toBe(200);
    expect((await fetch(`${admin}/livez`)).status).toBe(200);
  });
});

describe.concurrent('memory', () => {
  it('stays bounded while the sink is away, however large the backlog', async () => {
    using dir = tempDir();
    await using receiver = await Receiver.start();
    receiver.behaviour = () => 503;
    const text = lines(0, 20_000);
    for (let copy = 0; copy < 20; copy++) writeFileSync(dir.file(`${copy}.log`), text);
    await using shipper = await started(
      startShipper({ paths: dir.file('*.log'), sink: receiver.url, 'state-dir': dir.file('state') }),
    );
    await eventually(() => receiver.requests.length > 4);
    const rssBytes = await metric(await adminUrl(shipper), 'process_resident_memory_bytes');
    expect(rssBytes).toBeLessThan(200 * 1024 * 1024);
    const first = receiver.requests[0];
    expect(first?.body.length).toBeLessThanOrEqual(4 * 1024 * 1024);
    expect(first?.lines.length).toBeLessThanOrEqual(10_000);
  });
});

it('ships to a standard output that is redirected to a file', async () => {
  using dir = tempDir();
  writeFileSync(dir.file('app.log'), lines(0, 10));
  const out = openSync(dir.file('out'), 'w+');
  closeSync(out);
  const entry = new URL('../src/main.ts', import.meta.url).pathname;
  const command = `exec "${process.execPath}" "${entry}" --paths '${dir.file('app.log')}' --sink stdout: --state-dir '${dir.file('state')}' --admin-listen 127.0.0.1:0 > '${dir.file('out')}'`;
  await using shipper = new RunningProgram('sh', ['-c', command], { LOG_FORMAT: 'json' });
  await started(shipper);
  expect(await shipper.stop()).toEqual({ code: 0, signal: null });
  expect(readFileSync(dir.file('out'), 'utf8').trimEnd().split('\n')).toHaveLength(10);
});
