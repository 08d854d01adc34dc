import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { freePort } from '@pod-patterns/kit/testing/free-port';
import { needs } from '@pod-patterns/kit/testing/needs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { metric, status } from './support/admin.ts';
import { makeCertificates, openssl } from './support/certificates.ts';
import { type FluentBehaviour, FluentReceiver, type FluentSecrets } from './support/fluent.ts';
import { account, lines, perfect } from './support/lines.ts';
import { adminUrl, type Flags, started, startShipper } from './support/shipper.ts';

/** A log file of 200 lines, a receiver, and a shipper between them that `start` starts. */
async function scene(fragment = '', options: Parameters<typeof FluentReceiver.start>[0] = {}) {
  const stack = new AsyncDisposableStack();
  const dir = stack.adopt(tempDir(), (made) => made[Symbol.dispose]());
  const receiver = stack.use(await FluentReceiver.start(options));
  const log = dir.file('app.log');
  writeFileSync(log, lines(0, 200));
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

describe.concurrent('the fluent sink', { timeout }, () => {
  it('sends chunks over one connection, and waits for the acknowledgement of each', async () => {
    await using at = await scene('#tag=app.access');
    const { admin } = await at.start({ label: 'team=payments' });
    await isDone(admin);
    appendFileSync(at.log, lines(200, 300));
    await at.receiver.received(300);
    expect(account(at.receiver.records, 0, 300)).toEqual(perfect);
    expect(at.receiver.records[0]).toMatchObject({ file: at.log, offset: 0, labels: { team: 'payments' } });
    expect([...at.receiver.tags]).toEqual(['app.access']);
    expect(at.receiver.faults).toEqual([]);
    expect(at.receiver.connections).toBe(1);
  });

  it.each<[string, FluentBehaviour]>([
    ['resets the connection', 'reset'],
    ['takes the chunk and resets the connection', 'taken, reset'],
    ['sends half an acknowledgement', 'half'],
    ['acknowledges another chunk', 'wrong'],
    ['does not answer', 'hang'],
  ])('retries a chunk on a new connection when the receiver %s', async (_, behaviour) => {
    await using at = await scene('#timeout=2s');
    at.receiver.behaviour = (message) => (message < 3 ? behaviour : 'ack');
    const { admin } = await at.start();
    await isDone(admin);
    expect(account(at.receiver.records, 0, 200)).toMatchObject({ lost: '', altered: 0, outOfOrder: 0 });
    expect(at.receiver.connections).toBeGreaterThanOrEqual(3);
    expect(await metric(admin, 'log_shipper_retries_total')).toBeGreaterThanOrEqual(2);
  });

  it('notices that the receiver closed an idle connection, loses no line and logs nothing', async () => {
    await using at = await scene();
    const { admin, shipper } = await at.start();
    for (let id = 200; id < 204; id++) {
      await at.receiver.received(id);
      await isDone(admin);
      await at.receiver.closeIdle();
      appendFileSync(at.log, lines(id, id + 1));
    }
    await at.receiver.received(204);
    expect(account(at.receiver.records, 0, 204)).toEqual(perfect);
    expect(shipper.log.filter(({ msg }) => msg === 'sink failing')).toEqual([]);
  });

  it('continues when the receiver closes the connection right after its acknowledgement', async () => {
    await using at = await scene();
    at.receiver.behaviour = () => 'ack, close';
    await at.start();
    for (let id = 200; id < 220; id++) {
      await at.receiver.received(id);
      appendFileSync(at.log, lines(id, id + 1));
    }
    await at.receiver.received(220);
    expect(account(at.receiver.records, 0, 220)).toMatchObject({ lost: '', altered: 0, outOfOrder: 0 });
  });

  it('waits for a receiver that is not up yet', async () => {
    await using at = await scene();
    const { admin } = await at.start({ sink: `fluent://127.0.0.1:${await freePort()}` });
    const reason = 'ECONNREFUSED';
    await eventually(async () => (await metric(admin, 'log_shipper_retries_total', { reason })) > 1);
    expect(await metric(admin, 'log_shipper_duplicates_possible_total')).toBe(0);
  });

  it.each<[string, Omit<FluentSecrets, 'sharedKey'>]>([
    ['alone', {}],
    ['with a login', { user: 'shipper', password: 'pass:word' }],
    ['with a new connection for each message', { keepalive: false }],
  ])('authenticates by the shared key %s', async (_, more) => {
    await using at = await scene('', { secrets: { sharedKey: 'secret', ...more } });
    writeFileSync(at.dir.file('key'), 'secret\n');
    writeFileSync(at.dir.file('login'), 'shipper:pass:word\n');
    const sink = `${at.receiver.url}#shared-key=${at.dir.file('key')}&login=${at.dir.file('login')}`;
    const { admin } = await at.start({ sink });
    await isDone(admin);
    appendFileSync(at.log, lines(200, 300));
    await at.receiver.received(300);
    expect(account(at.receiver.records, 0, 300)).toEqual(perfect);
  });

  it('reports a wrong and a missing key, and continues when the key is corrected', async () => {
    await using at = await scene('', { secrets: { sharedKey: 'secret' } });
    const key = at.dir.file('key');
    writeFileSync(key, 'wrong');
    const { shipper, admin } = await at.start({ sink: `${at.receiver.url}#shared-key=${key}` });
    await shipper.waitForLog('sink failing', {
      where: ({ reason }) => reason === 'the receiver refused the connection: shared_key mismatch',
    });
    const other = await at.start({ 'state-dir': at.dir.file('other') });
    await other.shipper.waitForLog('sink failing', {
      where: ({ reason }) => reason === 'the receiver requires a shared key: set shared-key',
    });
    await other.shipper.stop('SIGKILL');
    expect(at.receiver.records).toEqual([]);
    writeFileSync(key, 'secret');
    await isDone(admin);
    expect(account(at.receiver.records, 0, 200)).toEqual(perfect);
    expect(shipper.stderr.join()).not.toMatch(/"secret"|wrong/);
  });
});

describe.concurrent('the fluent sink over TLS', { ...needs(openssl), timeout }, () => {
  it('verifies the receiver and presents its own certificate', async () => {
    using pem = tempDir();
    makeCertificates(pem.path);
    const read = (name: string) => readFileSync(pem.file(name));
    const tls = { cert: read('server.pem'), key: read('server.key'), ca: read('ca.pem') };
    await using at = await scene('', { tls: { ...tls, requestCert: true, rejectUnauthorized: true } });
    const untrusting = await at.start({ 'state-dir': at.dir.file('other') });
    await untrusting.shipper.waitForLog('sink failing', {
      where: ({ reason }) => /certificate/.test(String(reason)),
    });
    const files = `ca=${pem.file('ca.pem')}&cert=${pem.file('client.pem')}&key=${pem.file('client.key')}`;
    const { admin } = await at.start({ sink: `${at.receiver.url}#${files}` });
    await isDone(admin);
    expect(account(at.receiver.records, 0, 200)).toEqual(perfect);
    expect(at.receiver.connections).toBe(1);
  });
});
