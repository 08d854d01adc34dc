import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { freePort } from '@pod-patterns/kit/testing/free-port';
import { needs } from '@pod-patterns/kit/testing/needs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { metric, status } from './support/admin.ts';
import { makeCertificates, openssl } from './support/certificates.ts';
import { account, lines, perfect } from './support/lines.ts';
import { Receiver } from './support/receiver.ts';
import { adminUrl, type Flags, started, startShipper } from './support/shipper.ts';

/** A log file of 200 lines, an HTTP receiver, and a shipper between them that `start` starts. */
async function scene(flags: Flags = {}, fragment = '') {
  const stack = new AsyncDisposableStack();
  const dir = tempDir();
  stack.defer(() => dir[Symbol.dispose]());
  const receiver = stack.use(await Receiver.start());
  const log = dir.file('app.log');
  writeFileSync(log, lines(0, 200));
  const start = async () => {
    const shipper = stack.use(
      startShipper({ paths: log, sink: receiver.url + fragment, 'state-dir': dir.file('state'), ...flags }),
    );
    return { shipper: await started(shipper), admin: await adminUrl(shipper) };
  };
  return { dir, receiver, log, start, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

describe.concurrent('the HTTP sink', () => {
  it('sends NDJSON with a Content-Length over one connection', async () => {
    await using at = await scene();
    await at.start();
    await at.receiver.received(200);
    appendFileSync(at.log, lines(200, 300));
    await at.receiver.received(300);
    expect(account(at.receiver.records, 0, 300)).toEqual(perfect);
    expect(at.receiver.requests[0]?.headers).toMatchObject({
      'content-type': 'application/x-ndjson',
      'content-length': String(at.receiver.requests[0]?.body.length),
    });
    expect(at.receiver.connections).toBe(1);
  });

  it.each([408, 425, 429, 500, 503])('retries after %d', async (code) => {
    await using at = await scene();
    let failures = 0;
    at.receiver.behaviour = () => (failures++ < 2 ? code : 200);
    const { admin } = await at.start();
    await at.receiver.received(200);
    expect(account(at.receiver.records, 0, 200)).toEqual(perfect);
    expect(await metric(admin, 'log_shipper_retries_total', { reason: String(code) })).toBe(2);
    expect(await metric(admin, 'log_shipper_dead_letters_total')).toBe(0);
  });

  it.each([401, 403, 404, 405, 407])(
    'holds delivery while the sink answers %d, and loses nothing',
    async (code) => {
      await using at = await scene();
      at.receiver.behaviour = () => code;
      const { admin, shipper } = await at.start();
      await eventually(() => at.receiver.requests.length >= 3);
      expect((await status(admin)).sinks[0]).toMatchObject({ state: 'failing', reason: `status ${code}` });
      expect((await fetch(`${admin}/readyz`)).status).toBe(200);
      at.receiver.behaviour = () => 200;
      await at.receiver.received(200);
      expect(account(at.receiver.records, 0, 200)).toEqual(perfect);
      await shipper.waitForLog('sink recovered');
      expect(shipper.log.filter(({ msg }) => msg === 'sink failing')).toHaveLength(1);
    },
  );

  it('waits as long as Retry-After says before it retries', async () => {
    await using at = await scene();
    const times: number[] = [];
    at.receiver.behaviour = () => {
      times.push(performance.now());
      return times.length === 1 ? { status: 429, headers: { 'retry-after': '2' } } : 200;
    };
    await at.start();
    await at.receiver.received(200);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(1900);
  });

  it('halves a batch that is too large', async () => {
    await using at = await scene();
    at.receiver.behaviour = ({ lines: sent }) => (sent.length > 30 ? 413 : 200);
    await at.start();
    await at.receiver.received(200);
    expect(account(at.receiver.records, 0, 200)).toEqual(perfect);
  });

  it.each([400, 422])(
    'moves only the bad records to the dead letter when the sink answers %d',
    async (code) => {
      using kept = tempDir();
      const dead = kept.file('dead.ndjson');
      await using at = await scene({ 'dead-letter': dead });
      at.receiver.behaviour = ({ body }) => (/"id":(13|77),/.test(body.toString()) ? code : 200);
      const { admin, shipper } = await at.start();
      await at.receiver.received(198);
      expect(account(at.receiver.records, 0, 200)).toEqual({ ...perfect, lost: '13,77' });
      // logged once with the reason, and once when it is over
      const why = { sink: at.receiver.url, reason: `status ${code}` };
      const said = await shipper.waitForLog('record delivery failing');
      expect(said).toMatchObject({ level: 'warn', ...why });
      appendFileSync(at.log, lines(200, 300));
      await shipper.waitForLog('record delivery recovered', {
        where: ({ failures }) => failures === 2,
      });
      expect(await metric(admin, 'log_shipper_dead_letters_total', { reason: String(code) })).toBe(2);
      const records = readFileSync(dead, 'utf8').trimEnd().split('\n');
      expect(records.map((record) => JSON.parse(record).id)).toEqual([13, 77]);
    },
  );

  it('counts the sink as working again once it answers, even with a refusal', async () => {
    await using at = await scene();
    at.receiver.behaviour = () => (at.receiver.requests.length < 3 ? 503 : 400);
    const { admin } = await at.start();
    await eventually(async () => (await status(admin)).lagBytes === 0);
    expect(await metric(admin, 'log_shipper_dead_letters_total', { reason: '400' })).toBe(200);
    expect((await status(admin)).sinks[0]).toMatchObject({ state: 'ok' });
  });

  it('waits for a sink that is not up yet, then ships in order', async () => {
    await using at = await scene();
    const port = await freePort();
    await using shipper = await started(
      startShipper({ paths: at.log, sink: `http://127.0.0.1:${port}/`, 'state-dir': at.dir.file('state2') }),
    );
    const admin = await adminUrl(shipper);
    await eventually(
      async () => (await metric(admin, 'log_shipper_retries_total', { reason: 'ECONNREFUSED' })) > 0,
    );
    appendFileSync(at.log, lines(200, 300));
    await using late = await Receiver.start(port);
    await late.received(300);
    expect(account(late.records, 0, 300)).toEqual(perfect);
    expect(await metric(admin, 'log_shipper_duplicates_possible_total')).toBe(0);
  });

  it('retries after a missing or garbled answer, and warns that records may repeat', async () => {
    await using at = await scene({}, '#timeout=300ms');
    let request = 0;
    at.receiver.behaviour = (_, response) => {
      request++;
      if (request === 1) return 'handled';
      if (request === 2) response.destroy();
      else if (request === 3) response.socket?.end('nonsense\r\n\r\n');
      else return 200;
      return 'handled';
    };
    const { admin } = await at.start();
    await at.receiver.received(200);
    expect(account(at.receiver.records, 0, 200)).toEqual(perfect);
    expect(await metric(admin, 'log_shipper_duplicates_possible_total')).toBeGreaterThanOrEqual(600);
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['breaks off', (response) => response.socket?.end()],
    ['never ends', () => undefined],
  ])('takes a 2xx status as the acknowledgement even if the body after it %s', async (_, end) => {
    await using at = await scene({}, '#timeout=300ms');
    at.receiver.behaviour = (request, response) => {
      at.receiver.accept(request);
      response.writeHead(200, { 'content-length': 100 }).write('half');
      end(response);
      return 'handled';
    };
    await at.start();
    await at.receiver.received(200);
    appendFileSync(at.log, lines(200, 300));
    await at.receiver.received(300);
    expect(account(at.receiver.records, 0, 300)).toEqual(perfect);
  });

  it('reads a refusal that arrives before the whole body was sent', async () => {
    using dir = tempDir();
    const log = dir.file('big.log');
    writeFileSync(log, `${'x'.repeat(200)}\n`.repeat(5000));
    let seen = 0;
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => {
        seen++;
        socket.end('HTTP/1.1 413 Payload Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await using shipper = await started(
      startShipper({ paths: log, sink: `http://127.0.0.1:${port}/`, 'state-dir': dir.file('state') }),
    );
    const admin = await adminUrl(shipper);
    // halved down to single records, which are given up: each refusal was read
    await eventually(
      async () => (await metric(admin, 'log_shipper_dead_letters_total', { reason: 'too_large' })) > 0,
    );
    expect(seen).toBeGreaterThan(10);
    server.close();
  });

  it.each(['gzip', 'zstd'])('compresses with %s when asked to', async (compression) => {
    await using at = await scene({}, `#compression=${compression}`);
    await at.start();
    await at.receiver.received(200);
    expect(account(at.receiver.records, 0, 200)).toEqual(perfect);
    expect(at.receiver.requests[0]?.headers['content-encoding']).toBe(compression);
  });

  it('sends the current credentials after a rotation', async () => {
    using secrets = tempDir();
    writeFileSync(secrets.file('token'), 'first\n');
    writeFileSync(secrets.file('headers'), 'X-Scope-OrgID: team\n');
    await using at = await scene({}, `#bearer=${secrets.file('token')}&headers=${secrets.file('headers')}`);
    at.receiver.behaviour = ({ headers }) => (headers.authorization === 'Bearer second' ? 200 : 401);
    const { shipper } = await at.start();
    await eventually(() =>
      at.receiver.requests.some(({ headers }) => headers.authorization === 'Bearer first'),
    );
    writeFileSync(secrets.file('token'), 'second\n');
    await at.receiver.received(200);
    expect(at.receiver.requests.at(-1)?.headers['x-scope-orgid']).toBe('team');
    expect(shipper.stderr.join('\n')).not.toMatch(/first|second/);
  });

  it('takes the login from the URL and never shows it', async () => {
    await using at = await scene();
    const sink = at.receiver.url.replace('http://', 'http://me:p%40ss@');
    await using shipper = await started(
      startShipper({ paths: at.log, sink, 'state-dir': at.dir.file('state2'), 'log-level': 'debug' }),
    );
    await at.receiver.received(200);
    const login = Buffer.from('me:p@ss').toString('base64');
    expect(at.receiver.requests[0]?.headers.authorization).toBe(`Basic ${login}`);
    const admin = await adminUrl(shipper);
    const shown = [
      ...shipper.stderr,
      await (await fetch(`${admin}/metrics`)).text(),
      JSON.stringify(await status(admin)),
    ];
    expect(shown.join('\n')).not.toMatch(/p@ss|p%40ss/);
  });
});

describe.concurrent('the HTTP sink over TLS', needs(openssl), () => {
  it('verifies the certificate of the server and presents its own', async () => {
    using pem = tempDir();
    makeCertificates(pem.path);
    const read = (name: string) => readFileSync(pem.file(name));
    await using secure = await Receiver.start(0, {
      ...{ cert: read('server.pem'), key: read('server.key'), ca: read('ca.pem'), requestCert: true },
    });
    await using at = await scene();
    const run = (fragment: string, state: string) =>
      startShipper({ paths: at.log, sink: secure.url + fragment, 'state-dir': at.dir.file(state) });
    await using untrusting = run('', 'state2');
    await untrusting.waitForLog('sink failing', {
      where: ({ reason }) => /certificate/.test(String(reason)),
    });
    expect(secure.requests).toEqual([]);
    const files = `ca=${pem.file('ca.pem')}&cert=${pem.file('client.pem')}&key=${pem.file('client.key')}`;
    await using trusting = run(`#${files}`, 'state3');
    await secure.received(200);
    expect(account(secure.records, 0, 200)).toEqual(perfect);
    await trusting.stop();
  });
});

describe.concurrent('several sinks', () => {
  it('each get all records, at their own pace', async () => {
    await using at = await scene();
    await using slow = await Receiver.start();
    slow.behaviour = () => 503;
    const out = at.dir.file('out.ndjson');
    await using shipper = await started(
      startShipper({
        ...{ paths: at.log, 'state-dir': at.dir.file('state2') },
        sink: [at.receiver.url, slow.url, `file://${out}`],
      }),
    );
    await at.receiver.received(200);
    appendFileSync(at.log, lines(200, 300));
    await at.receiver.received(300);
    const admin = await adminUrl(shipper);
    expect((await status(admin)).lagBytes).toBe(Buffer.byteLength(lines(0, 300)));
    slow.behaviour = () => 200;
    await slow.received(300);
    expect(await shipper.stop()).toEqual({ code: 0, signal: null });
    const file = readFileSync(out, 'utf8').trimEnd().split('\n');
    for (const records of [at.receiver.records, slow.records, file.map((line) => JSON.parse(line))]) {
      expect(account(records, 0, 300)).toEqual(perfect);
    }
  });

  it('read from the start if added later, while the others continue', async () => {
    await using at = await scene();
    await using second = await Receiver.start();
    const { shipper } = await at.start();
    await at.receiver.received(200);
    await shipper.stop();
    appendFileSync(at.log, lines(200, 300));
    const both = startShipper({
      ...{ paths: at.log, 'state-dir': at.dir.file('state'), sink: [at.receiver.url, second.url] },
    });
    await using again = await started(both);
    await second.received(300);
    await at.receiver.received(300);
    await again.stop();
    expect(account(at.receiver.records, 0, 300)).toEqual(perfect);
    expect(account(second.records, 0, 300)).toEqual(perfect);
  });

  it('keep the position of a single sink whose URL changed', async () => {
    await using at = await scene();
    await using second = await Receiver.start();
    const { shipper } = await at.start();
    await at.receiver.received(200);
    await shipper.stop();
    appendFileSync(at.log, lines(200, 300));
    await using again = await started(
      startShipper({ paths: at.log, 'state-dir': at.dir.file('state'), sink: second.url }),
    );
    await second.received(100);
    await again.stop();
    expect(account(second.records, 200, 300)).toEqual(perfect);
  });
});
