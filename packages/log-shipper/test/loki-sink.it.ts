import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { freePort } from '@pod-patterns/kit/testing/free-port';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { metric, status } from './support/admin.ts';
import { line, lines } from './support/lines.ts';
import { FakeLoki } from './support/loki.ts';
import { adminUrl, type Flags, started, startShipper } from './support/shipper.ts';

/** A log file of 200 lines, a fake Loki, and a shipper between them that `start` starts. */
async function scene(content = lines(0, 200), flags: Flags = {}, fragment = '') {
  const stack = new AsyncDisposableStack();
  const dir = tempDir();
  stack.defer(() => dir[Symbol.dispose]());
  const loki = stack.use(await FakeLoki.start());
  const log = dir.file('app.log');
  const dead = dir.file('dead.ndjson');
  writeFileSync(log, content);
  const files = { paths: log, 'state-dir': dir.file('state'), 'dead-letter': dead };
  const start = async (more: Flags = {}) => {
    const shipper = stack.use(startShipper({ ...files, sink: loki.url + fragment, ...flags, ...more }));
    return { shipper: await started(shipper), admin: await adminUrl(shipper) };
  };
  return { dir, loki, log, dead, start, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

const numbered = (from: number, to: number) => lines(from, to).trimEnd().split('\n');

describe.concurrent('the Loki sink', () => {
  it('pushes lines unchanged, in streams by labels and file', async () => {
    await using at = await scene();
    const other = at.dir.file('other.log');
    const nowMs = Date.now() - 60_000;
    const json = `{"level":"info","amount":12.50,"ts":${nowMs}}`;
    writeFileSync(other, `server started\n${json}\n`);
    const env = { POD_NAME: 'web-1', POD_NAMESPACE: 'shop', NODE_NAME: 'n1', POD_UID: 'u1' };
    await using shipper = await started(
      startShipper(
        {
          ...{ paths: `${at.log},${other}`, 'state-dir': at.dir.file('state'), sink: at.loki.url },
          label: ['app.kubernetes.io/name=web', 'team=payments'],
        },
        env,
      ),
    );
    await at.loki.received(202);
    expect(at.loki.linesOf(at.log)).toEqual(numbered(0, 200));
    expect(at.loki.entries.filter(({ labels }) => labels['file'] === other)).toMatchObject([
      {
        labels: { app_kubernetes_io_name: 'web', team: 'payments', namespace: 'shop', pod: 'web-1' },
        line: 'server started',
        metadata: { offset: '0', node: 'n1', pod_uid: 'u1' },
      },
      { line: json, metadata: { offset: '15' } },
    ]);
    await shipper.stop();
  });

  it('gives a line its own time', async () => {
    const ms = Date.now() - 60_000;
    await using at = await scene(`{"time":"${new Date(ms).toISOString()}"}\n`);
    await at.start();
    await at.loki.received(1);
    expect(at.loki.entries[0]?.time).toBe(BigInt(ms) * 1_000_000n);
  });

  it('loses none of many identical lines', async () => {
    const ms = Date.now() - 60_000;
    const equal = ['text', `{"ts":${ms}}`].flatMap((text) => Array.from({ length: 500 }, () => text));
    await using at = await scene(equal.map((text) => `${text}\n`).join(''));
    await at.start();
    await at.loki.received(1000);
    appendFileSync(at.log, `${equal.join('\n')}\n`);
    await at.loki.received(2000);
    expect(at.loki.linesOf(at.log)).toEqual([...equal, ...equal]);
    expect(at.loki.dropped).toBe(0);
  });

  it.each([
    ['', 'gzip'],
    ['#compression=gzip', 'gzip'],
    ['#compression=none', undefined],
  ])('compresses with gzip unless told otherwise: %j', async (fragment, encoding) => {
    await using at = await scene(lines(0, 200), {}, fragment);
    await at.start();
    await at.loki.received(200);
    expect(at.loki.linesOf(at.log)).toEqual(numbered(0, 200));
    expect([...at.loki.encodings]).toEqual([encoding]);
  });

  it('sends its tenant, and holds delivery if a required tenant is missing', async () => {
    await using at = await scene();
    at.loki.limits.authEnabled = true;
    const { shipper, admin } = await at.start();
    await eventually(async () => (await status(admin)).sinks[0]?.reason === 'status 401: no org id');
    expect(await metric(admin, 'log_shipper_dead_letters_total')).toBe(0);
    await shipper.stop('SIGKILL');
    await at.start({ sink: `${at.loki.url}#tenant=payments` });
    await at.loki.received(200);
    expect([...at.loki.tenants]).toEqual(['payments']);
    expect(at.loki.linesOf(at.log)).toEqual(numbered(0, 200));
  });

  it('moves only those entries to the dead letter that Loki refuses after taking the rest', async () => {
    const long = (id: number) => `${'x'.repeat(2000)} ${id}`;
    const text = Array.from({ length: 100 }, (_, id) => (id % 10 === 7 ? long(id) : line(id)));
    await using at = await scene(`${text.join('\n')}\n`);
    at.loki.limits.maxLineSize = 1000;
    const { admin } = await at.start();
    await at.loki.received(90);
    await eventually(async () => (await status(admin)).lagBytes === 0);
    expect(at.loki.linesOf(at.log)).toEqual(text.filter((_, id) => id % 10 !== 7));
    expect(await metric(admin, 'log_shipper_dead_letters_total', { reason: 'line_too_long' })).toBe(10);
    expect(await metric(admin, 'log_shipper_records_total')).toBe(90);
    // the whole push is not sent again, nor are the entries that Loki named
    expect(at.loki.pushes.length).toBeLessThanOrEqual(3);
    const [, ...again] = at.loki.pushes;
    expect(again.filter((body) => body.includes('x'.repeat(1000)))).toEqual([]);
    // each dead letter is a complete push
    const letters = readFileSync(at.dead, 'utf8').trimEnd().split('\n');
    expect(letters.map((letter) => JSON.parse(letter).streams[0].values[0][1])).toEqual(
      text.filter((_, id) => id % 10 === 7),
    );
    at.loki.limits.maxLineSize = 10_000;
    const url = `${at.loki.url.replace('loki+', '')}/loki/api/v1/push`;
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(url, { method: 'POST', headers, body: letters[0] ?? '' })).status).toBe(204);
  });

  it('finds entries that are too old within a few pushes, and ships the rest', async () => {
    const old = Date.now() - 30 * 24 * 3_600_000;
    const text = Array.from({ length: 1000 }, (_, id) => `{"ts":${old + id},"id":${id}}`);
    await using at = await scene(`${text.join('\n')}\n${lines(0, 100)}`);
    const { admin } = await at.start();
    await at.loki.received(100);
    await eventually(async () => (await status(admin)).lagBytes === 0);
    expect(at.loki.linesOf(at.log)).toEqual(numbered(0, 100));
    const reason = 'greater_than_max_sample_age';
    expect(await metric(admin, 'log_shipper_dead_letters_total', { reason })).toBe(1000);
    expect(readFileSync(at.dead, 'utf8').trimEnd().split('\n')).toHaveLength(1000);
    expect(at.loki.pushes.length).toBeLessThanOrEqual(6);
  });

  it('does not send the rest again when Loki names every entry that it ignored', async () => {
    const ms = Date.now();
    await using at = await scene(`{"ts":${ms},"id":0}\n`);
    const { shipper } = await at.start();
    await at.loki.received(1);
    await shipper.stop();
    // a stream accepts entries at most an hour older than its newest
    const behind = [1, 2, 3].map((id) => `{"ts":${ms - 7_200_000 + id},"id":${id}}`);
    appendFileSync(at.log, `${behind.join('\n')}\n${lines(4, 104)}`);
    const { admin } = await at.start();
    await at.loki.received(101);
    await eventually(async () => (await status(admin)).lagBytes === 0);
    const reason = 'too_far_behind';
    expect(await metric(admin, 'log_shipper_dead_letters_total', { reason })).toBe(3);
    expect(at.loki.linesOf(at.log).slice(1)).toEqual(numbered(4, 104));
    expect([at.loki.pushes.length, at.loki.dropped]).toEqual([2, 0]);
  });

  it('finds refused entries by halving when the answer does not name them', async () => {
    await using at = await scene();
    at.loki.gateway = ({ body }) => (/"id\\":(13|77),/.test(body.toString()) ? 400 : undefined);
    const { admin } = await at.start();
    await at.loki.received(198);
    await eventually(async () => (await status(admin)).lagBytes === 0);
    expect(at.loki.linesOf(at.log)).toEqual(numbered(0, 200).filter((_, id) => id !== 13 && id !== 77));
    expect(await metric(admin, 'log_shipper_dead_letters_total', { reason: '400' })).toBe(2);
    expect(new Set(at.loki.pushes).size).toBe(at.loki.pushes.length);
  });

  it('gives up no entry while there are more labels than Loki allows', async () => {
    await using at = await scene();
    at.loki.limits.maxLabelNames = 0;
    const { admin } = await at.start();
    await eventually(async () => (await metric(admin, 'log_shipper_retries_total', { reason: '400' })) > 1);
    expect(await metric(admin, 'log_shipper_dead_letters_total')).toBe(0);
    at.loki.limits.maxLabelNames = 15;
    await at.loki.received(200);
    expect(at.loki.linesOf(at.log)).toEqual(numbered(0, 200));
  });

  it('sends smaller pushes after a rate-limit error, once the wait that Loki asked for is over', async () => {
    await using at = await scene();
    at.loki.limits.burst = 6000;
    const times: number[] = [];
    at.loki.gateway = () => {
      times.push(performance.now());
      return undefined;
    };
    const { admin } = await at.start();
    await at.loki.received(200);
    expect(at.loki.linesOf(at.log)).toEqual(numbered(0, 200));
    expect(await metric(admin, 'log_shipper_retries_total', { reason: '429' })).toBeGreaterThan(0);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(900);
  });

  it('ships a line in parts if it is longer than Loki allows', async () => {
    const long = 'é'.repeat(300_000);
    await using at = await scene(`${long}\nnext\n`);
    await at.start();
    await eventually(() => at.loki.linesOf(at.log).at(-1) === 'next', { timeoutMs: 20_000 });
    const parts = at.loki.entries.filter(({ metadata }) => metadata['part'] !== undefined);
    expect(parts.map((part) => part.line).join('')).toBe(long);
    expect(parts.map(({ metadata }) => [metadata['part'], metadata['last']])).toEqual([
      ...[
        ['1', undefined],
        ['2', undefined],
        ['3', 'true'],
      ],
    ]);
  });

  it('waits for Loki to come up, through errors, and loses nothing', async () => {
    await using at = await scene();
    const port = await freePort();
    const { admin } = await at.start({ sink: `loki+http://127.0.0.1:${port}` });
    await eventually(
      async () => (await metric(admin, 'log_shipper_retries_total', { reason: 'ECONNREFUSED' })) > 0,
    );
    await using late = await FakeLoki.start(port);
    let answers = 0;
    late.gateway = (_, response) => {
      answers++;
      if (answers < 3) return 503;
      if (answers > 3) return undefined;
      response.destroy();
      return 'handled';
    };
    appendFileSync(at.log, lines(200, 300));
    await late.received(300);
    expect(late.linesOf(at.log)).toEqual(numbered(0, 300));
  });

  it('loses nothing and keeps the order when it is killed, and ships the rest at SIGTERM', async () => {
    await using at = await scene(lines(0, 50));
    let written = 50;
    for (const pauseMs of [0, 30, 100]) {
      const { shipper } = await at.start();
      appendFileSync(at.log, lines(written, written + 3000));
      written += 3000;
      await delay(pauseMs);
      await shipper.stop('SIGKILL');
      await at.loki.disconnected();
    }
    const { shipper } = await at.start();
    appendFileSync(at.log, lines(written, written + 1000));
    written += 1000;
    expect(await shipper.stop()).toEqual({ code: 0, signal: null });
    // a line sent again after a crash gets another time
    const first = new Map<string, number>();
    for (const [index, text] of at.loki.linesOf(at.log).entries())
      if (!first.has(text)) first.set(text, index);
    expect([...first.keys()]).toEqual(numbered(0, written));
  });

  it('does not hold up another sink while Loki is away', async () => {
    await using at = await scene();
    const port = await freePort();
    const out = at.dir.file('out.ndjson');
    const { shipper, admin } = await at.start({
      sink: [`file://${out}`, `loki+http://127.0.0.1:${port}`],
      'shutdown-timeout': '1s',
    });
    expect((await fetch(`${admin}/readyz`)).status).toBe(200);
    await eventually(() => existsSync(out) && readFileSync(out, 'utf8').split('\n').length === 201);
    expect(await shipper.stop()).toEqual({ code: 0, signal: null });
  });
});
