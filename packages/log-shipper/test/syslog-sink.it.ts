import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { freePort } from '@pod-patterns/kit/testing/free-port';
import { needs } from '@pod-patterns/kit/testing/needs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { metric, status } from './support/admin.ts';
import { makeCertificates, openssl } from './support/certificates.ts';
import { account, lines, perfect } from './support/lines.ts';
import { Rsyslog, rsyslogd } from './support/rsyslog.ts';
import { adminUrl, type Flags, started, startShipper } from './support/shipper.ts';
import { datagramReceiver, recordOf, type SyslogBehaviour, SyslogReceiver } from './support/syslog.ts';

/** A log file of 200 lines, a receiver, and a shipper between them that `start` starts. */
async function scene(content = lines(0, 200), fragment = '') {
  const stack = new AsyncDisposableStack();
  const dir = stack.adopt(tempDir(), (made) => made[Symbol.dispose]());
  const receiver = stack.use(await SyslogReceiver.start());
  const log = dir.file('app.log');
  writeFileSync(log, content);
  const start = async (more: Flags = {}) => {
    const flags = { paths: log, 'state-dir': dir.file('state'), sink: receiver.url + fragment };
    const shipper = stack.use(startShipper({ ...flags, ...more }));
    return { shipper: await started(shipper), admin: await adminUrl(shipper) };
  };
  return { dir, receiver, log, start, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** Many programs start at once, which takes long on a busy machine. */
const timeout = 150_000;

const isDone = (admin: string) =>
  eventually(async () => (await status(admin)).lagBytes === 0, { timeoutMs: 60_000 });

describe.concurrent('the syslog sink over TCP', { timeout }, () => {
  it('sends each line as a message with its length before it', async () => {
    await using at = await scene();
    const { admin, shipper } = await at.start();
    await at.receiver.received(200);
    appendFileSync(at.log, lines(200, 300));
    await at.receiver.received(300);
    expect(account(at.receiver.records, 0, 300)).toEqual(perfect);
    expect(at.receiver.faults).toEqual([]);
    await isDone(admin);
    expect(await metric(admin, 'log_shipper_records_total')).toBe(300);
    expect(await shipper.stop()).toEqual({ code: 0, signal: null });
  });

  it('leaves no idle connection open that a receiver could close', async () => {
    await using at = await scene();
    const { admin } = await at.start();
    for (let id = 200; id < 205; id++) {
      await isDone(admin);
      await at.receiver.disconnected();
      appendFileSync(at.log, lines(id, id + 1));
      await at.receiver.received(id + 1);
    }
    await isDone(admin);
    expect(account(at.receiver.records, 0, 205)).toEqual(perfect);
    expect(await metric(admin, 'log_shipper_retries_total')).toBe(0);
  });

  it.each<[string, SyslogBehaviour]>([
    ['closes the connection at once', 'close'],
    ['resets the connection at once', 'reset'],
    ['resets the connection in the middle of a message', 5000],
  ])('retries messages that may be lost when the receiver %s', async (_, behaviour) => {
    await using at = await scene();
    at.receiver.behaviour = (connection) => (connection < 3 ? behaviour : 'read');
    const { admin } = await at.start();
    await isDone(admin);
    expect(account(at.receiver.records, 0, 200)).toMatchObject({ lost: '', altered: 0, outOfOrder: 0 });
    expect(await metric(admin, 'log_shipper_retries_total')).toBeGreaterThanOrEqual(2);
  });

  it.each<[string, SyslogBehaviour]>([
    ['reads nothing', 'hang'],
    ['never closes its side after the last message', 'never end'],
  ])('retries messages not confirmed within the timeout when the receiver %s', async (_, behaviour) => {
    await using at = await scene(undefined, '#timeout=1s');
    at.receiver.behaviour = (connection) => (connection < 3 ? behaviour : 'read');
    const { admin } = await at.start();
    await isDone(admin);
    expect(account(at.receiver.records, 0, 200)).toMatchObject({ lost: '', altered: 0, outOfOrder: 0 });
    const reason = 'timeout';
    expect(await metric(admin, 'log_shipper_retries_total', { reason })).toBeGreaterThanOrEqual(2);
  });

  it('counts only messages as delivered that the receiver has read', async () => {
    await using at = await scene();
    at.receiver.behaviour = () => 'hang';
    const { shipper, admin } = await at.start();
    await eventually(() => at.receiver.connections > 0);
    await delay(300); // by then all bytes are in the system's buffers
    expect(await metric(admin, 'log_shipper_records_total')).toBe(0);
    await shipper.stop('SIGKILL');
    at.receiver.behaviour = () => 'read';
    await at.start();
    await at.receiver.received(200);
    expect(account(at.receiver.records, 0, 200)).toEqual(perfect);
  });

  it('waits for a receiver that is not up yet', async () => {
    await using at = await scene();
    const port = await freePort();
    const { admin } = await at.start({ sink: `syslog+tcp://127.0.0.1:${port}` });
    const reason = 'ECONNREFUSED';
    await eventually(async () => (await metric(admin, 'log_shipper_retries_total', { reason })) > 0);
    expect(await metric(admin, 'log_shipper_duplicates_possible_total')).toBe(0);
    await using late = await SyslogReceiver.start({ port });
    await late.received(200);
    expect(account(late.records, 0, 200)).toEqual(perfect);
  });

  it('loses nothing and keeps the order when it is killed', async () => {
    await using at = await scene(lines(0, 50));
    let written = 50;
    for (const pauseMs of [0, 30, 100]) {
      const { shipper } = await at.start();
      appendFileSync(at.log, lines(written, written + 3000));
      written += 3000;
      await delay(pauseMs);
      await shipper.stop('SIGKILL');
      await at.receiver.disconnected();
    }
    const { shipper } = await at.start();
    expect(await shipper.stop()).toEqual({ code: 0, signal: null });
    expect(account(at.receiver.records, 0, written)).toMatchObject({ lost: '', outOfOrder: 0, altered: 0 });
  });

  it('ships a line in parts if it is longer than the receiver allows', async () => {
    const long = 'é'.repeat(10_000);
    await using at = await scene(`${long}\nnext\n`);
    await at.start();
    await eventually(() => at.receiver.messages.at(-1)?.msg === 'next');
    const parts = at.receiver.messages.slice(0, -1);
    expect(parts.map(({ msg }) => msg).join('')).toBe(long);
    expect(parts.map(({ params }) => params['part'])).toEqual(['1', '2', '3']);
    expect(parts.at(-1)?.params['last']).toBe('true');
    for (const { msg } of parts) expect(Buffer.byteLength(msg)).toBeLessThanOrEqual(8192 - 512);
  });

  it('keeps an event of several lines in one message', async () => {
    const trace = 'Error: no\n    at a (/a.js:1:1)\n    at b (/b.js:2:2)';
    await using at = await scene(`${trace}\nnext\n`);
    await at.start({ multiline: 'node' });
    await at.receiver.received(2);
    expect(at.receiver.messages.map(({ msg }) => msg)).toEqual([trace, 'next']);
  });
});

describe.concurrent('the syslog sink over TLS', { ...needs(openssl), timeout }, () => {
  it('verifies the receiver and presents its own certificate', async () => {
    using pem = tempDir();
    makeCertificates(pem.path);
    const read = (name: string) => readFileSync(pem.file(name));
    const tls = { cert: read('server.pem'), key: read('server.key'), ca: read('ca.pem') };
    await using secure = await SyslogReceiver.start({
      tls: { ...tls, requestCert: true, rejectUnauthorized: true },
    });
    await using at = await scene();
    const untrusting = await at.start({ sink: secure.url, 'state-dir': at.dir.file('other') });
    await untrusting.shipper.waitForLog('sink failing', {
      where: ({ reason }) => /certificate/.test(String(reason)),
    });
    expect(secure.messages).toEqual([]);
    const files = `ca=${pem.file('ca.pem')}&cert=${pem.file('client.pem')}&key=${pem.file('client.key')}`;
    const { admin } = await at.start({ sink: `${secure.url}#${files}` });
    await isDone(admin);
    appendFileSync(at.log, lines(200, 300));
    await secure.received(300);
    await isDone(admin);
    expect(account(secure.records, 0, 300)).toEqual(perfect);
    expect(secure.faults).toEqual([]);
    expect(await metric(admin, 'log_shipper_retries_total')).toBe(0);
  });
});

describe.concurrent('the syslog sink over UDP', { timeout }, () => {
  it('sends each line in a datagram of its own, a long one in parts', async () => {
    await using receiver = await datagramReceiver();
    const long = 'x'.repeat(4000);
    await using at = await scene(`${lines(0, 2000)}${long}\n`);
    const { admin } = await at.start({ sink: receiver.url });
    await eventually(() => receiver.messages.at(-1)?.params['last'] === 'true');
    const whole = receiver.messages.filter(({ params }) => params['part'] === undefined);
    expect(account(whole.map(recordOf), 0, 2000)).toEqual(perfect);
    const parts = receiver.messages.slice(whole.length);
    expect(parts.map(({ msg }) => msg).join('')).toBe(long);
    expect(Math.max(...receiver.sizes)).toBeLessThanOrEqual(2048);
    await isDone(admin);
  });

  it('retries when the system reports that nobody listens', async () => {
    await using at = await scene();
    const port = await freePort();
    const { admin } = await at.start({ sink: `syslog+udp://127.0.0.1:${port}` });
    const reason = 'ECONNREFUSED';
    await eventually(async () => (await metric(admin, 'log_shipper_retries_total', { reason })) > 1);
    expect(await metric(admin, 'log_shipper_records_total')).toBe(0);
  });
});

describe.concurrent('rsyslog', { ...needs(rsyslogd), timeout }, () => {
  it.each(['imtcp', 'imptcp'] as const)(
    'receives every line through %s, one of 7 KB whole',
    async (input) => {
      await using rsyslog = await Rsyslog.start(input);
      const text = `{"level":"error","msg":"${'x'.repeat(7000)}"}`;
      await using at = await scene(`${lines(0, 5000)}${text}\n`);
      const { admin } = await at.start({
        sink: `syslog+tcp://127.0.0.1:${rsyslog.port}#app=shop&facility=local2`,
      });
      await isDone(admin);
      await eventually(() => rsyslog.records.length === 5001);
      expect(
        account(
          rsyslog.records.slice(0, 5000).map(({ msg, file }) => ({ ...JSON.parse(msg), file })),
          0,
          5000,
        ),
      ).toEqual(perfect);
      expect(rsyslog.records.at(-1)).toMatchObject({
        app: 'shop',
        facility: 'local2',
        severity: 'err',
        msg: text,
      });
      expect(await metric(admin, 'log_shipper_retries_total')).toBe(0);
    },
  );

  it('receives datagrams', async () => {
    await using rsyslog = await Rsyslog.start('imudp');
    await using at = await scene();
    await at.start({ sink: `syslog+udp://127.0.0.1:${rsyslog.port}` });
    await eventually(() => rsyslog.records.length === 200);
    expect(rsyslog.records[0]).toMatchObject({
      app: 'app',
      file: at.log,
      facility: 'user',
      severity: 'info',
    });
  });

  it('loses nothing when it is killed and restarted', async () => {
    await using rsyslog = await Rsyslog.start('imtcp');
    await using at = await scene();
    const { admin } = await at.start({ sink: `syslog+tcp://127.0.0.1:${rsyslog.port}` });
    await isDone(admin);
    await eventually(() => rsyslog.records.length === 200);
    await rsyslog.stop();
    appendFileSync(at.log, lines(200, 300));
    await eventually(async () => (await metric(admin, 'log_shipper_retries_total')) > 0);
    await rsyslog.start();
    await isDone(admin);
    await eventually(() => rsyslog.records.length === 300);
  });
});
