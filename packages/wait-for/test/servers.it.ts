import { once } from 'node:events';
import { connect } from 'node:net';
import { freePort } from '@pod-patterns/kit/testing/free-port';
import { needs } from '@pod-patterns/kit/testing/needs';
import { RedisServer, redisServer } from '@pod-patterns/kit/testing/redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificates, openssl } from '../testing/certificates.ts';
import { FakeServer } from '../testing/fake-server.ts';
import { run, start } from '../testing/run.ts';
import {
  mariadb,
  nginx,
  postgres,
  type RealServer,
  rabbitmq,
  startMariadb,
  startNginx,
  startPostgres,
  startRabbitmq,
} from '../testing/servers.ts';

/** Real servers. wait-for starts before each server listens. */

const resources = new AsyncDisposableStack();
afterAll(() => resources.disposeAsync());

const reason = (ran: Awaited<ReturnType<typeof run>>) =>
  ran.log.find(({ msg }) => msg !== 'summary')?.['reason'];

describe('redis', needs(redisServer), () => {
  let open: RedisServer;
  let closed: RedisServer;
  beforeAll(async () => {
    open = resources.use(await RedisServer.start());
    closed = resources.use(await RedisServer.start(['--requirepass', 'secret']));
  });

  it.each([
    ['redis://127.0.0.1:OPEN/3 role=master', 0, undefined],
    ['redis://127.0.0.1:OPEN/99', 124, 'not-ready'],
    ['redis://127.0.0.1:OPEN role=replica', 124, 'mismatch'],
    ['redis://127.0.0.1:OPEN key=done', 124, 'missing'],
    ['redis://:secret@127.0.0.1:CLOSED', 0, undefined],
    ['redis://default:secret@127.0.0.1:CLOSED', 0, undefined],
    ['redis://127.0.0.1:CLOSED', 3, 'auth'],
    ['redis://:wrong-one@127.0.0.1:CLOSED', 3, 'auth'],
    ['redis://:secret@127.0.0.1:OPEN', 3, 'auth'],
  ])('%s ends with %i', async (line, code, word) => {
    const target = line.replace('OPEN', String(open.port)).replace('CLOSED', String(closed.port));
    const ran = await run([target, '--once']);
    expect({ code: ran.code, reason: reason(ran) }).toEqual({ code, reason: word });
  });

  it('is not ready for a replica that has lost its master and must not serve stale data', async () => {
    const args = ['--replicaof', '127.0.0.1', '1', '--replica-serve-stale-data', 'no'];
    await using replica = await RedisServer.start(args);
    const ran = await run([`redis://127.0.0.1:${replica.port}`, '--once']);
    expect({ code: ran.code, reason: reason(ran) }).toEqual({ code: 124, reason: 'not-ready' });
    expect(ran.terminationLog).not.toContain('ready in');
  });

  it('speaks TLS', needs(openssl), async () => {
    using certificates = makeCertificates();
    const { cert, key } = certificates.issue('redis');
    const port = await freePort();
    const files = ['--tls-cert-file', cert, '--tls-key-file', key, '--tls-ca-cert-file', certificates.ca];
    await using _ = await RedisServer.start([
      '--tls-port',
      String(port),
      '--tls-auth-clients',
      'no',
      ...files,
    ]);
    expect(await run([`rediss://127.0.0.1:${port} ca=${certificates.ca}`, '--once'])).toMatchObject({
      code: 0,
    });
    expect(reason(await run([`rediss://127.0.0.1:${port}`, '--once']))).toBe('tls-untrusted');
    expect(reason(await run([`redis://127.0.0.1:${port}`, '--once']))).toMatch(/^(mismatch|reset)$/);
  });
});

describe('postgres', needs(postgres), () => {
  let server: RealServer;
  beforeAll(async () => {
    server = resources.use(await startPostgres());
  });

  it('is waited for until it accepts connections, with or without a user', async () => {
    const url = `postgres://postgres:not-this@127.0.0.1:${server.port}/postgres`;
    const ran = await run([url, `postgresql://127.0.0.1:${server.port}`, '--timeout=30s']);
    expect(ran.code).toBe(0);
    expect(JSON.stringify(ran)).not.toContain('not-this');
  });

  it('is not ready while it has no connection left', async () => {
    const startup = Buffer.from('\0\0\0\x17\0\x03\0\0user\0postgres\0\0', 'latin1');
    const sockets = Array.from({ length: 10 }, () => connect(server.port, '127.0.0.1').on('error', () => {}));
    await Promise.all(
      sockets.map((socket) =>
        once(
          socket.once('connect', () => socket.write(startup)),
          'data',
        ),
      ),
    );
    const ran = await run([`postgres://127.0.0.1:${server.port}`, '--once']);
    for (const socket of sockets) socket.destroy();
    expect({ code: ran.code, reason: reason(ran) }).toEqual({ code: 124, reason: 'not-ready' });
    expect(ran.stderr.join('\n')).toContain('53300');
  });

  it('that demands TLS gets it, with any certificate', needs(openssl), async () => {
    using certificates = makeCertificates();
    await using secured = await startPostgres(certificates.issue('postgres'));
    const ran = await run([`postgres://127.0.0.1:${secured.port}`, '--timeout=30s']);
    expect(ran.code).toBe(0);
  });
});

describe('mysql', needs(mariadb), () => {
  it('is waited for until it sends its greeting', async () => {
    await using server = await startMariadb();
    const ran = await run([`mysql://127.0.0.1:${server.port}`, '--timeout=30s']);
    expect(ran.code).toBe(0);
    expect(ran.stderr.join('\n')).toMatch(/greets as \d+\.\d+/);
  });
});

describe('amqp', needs(rabbitmq), () => {
  it('is waited for until it sends Connection.Start', async () => {
    await using server = await startRabbitmq();
    const ran = await run([`amqp://guest:guest@127.0.0.1:${server.port}/`, '--timeout=45s']);
    expect(ran.code).toBe(0);
  });
});

describe('nginx with TLS', needs(nginx, openssl), () => {
  let port: number;
  /** Redirects every request. */
  let plain: number;
  let files: { readonly ca: string; readonly cert: string; readonly key: string };
  beforeAll(async () => {
    const certificates = resources.use(makeCertificates());
    files = { ca: certificates.ca, ...certificates.issue('client') };
    port = resources.use(await startNginx({ ...certificates.issue('nginx'), ca: certificates.ca })).port;
    await run([`tcp://127.0.0.1:${port}`, '--timeout=30s']);
    const answer = `HTTP/1.1 301 Moved Permanently\r\nlocation: https://127.0.0.1:${port}/\r\ncontent-length: 0\r\n\r\n`;
    plain = resources.use(await FakeServer.start(undefined, (_, socket) => socket.end(answer))).port;
  });

  it.each([
    ['https://localhost:PORT/ ca=CA body~=^hello$', 0, undefined],
    ['https://127.0.0.1:PORT/ ca=CA', 0, undefined],
    ['https://127.0.0.1:PORT/moved ca=CA', 0, undefined],
    ['https://127.0.0.1:PORT/moved ca=CA redirect=no', 124, 'http-status'],
    ['https://127.0.0.1:PORT/ insecure', 0, undefined],
    ['https://127.0.0.1:PORT/', 124, 'tls-untrusted'],
    ['https://127.0.0.1:PORT/none ca=/nowhere/ca.pem', 124, 'missing'],
    ['https://127.0.0.1:PORT/private ca=CA', 124, 'http-status'],
    ['http://127.0.0.1:PORT/', 124, 'http-status'],
    ['http://127.0.0.1:PLAIN/ ca=CA', 0, undefined],
    ['http://127.0.0.1:PLAIN/', 124, 'tls-untrusted'],
    ['tls://127.0.0.1:PORT ca=CA minDays=29', 0, undefined],
    ['tls://127.0.0.1:PORT ca=CA minDays=31', 124, 'tls-expired'],
    ['tls://127.0.0.1:PORT ca=CA sni=localhost cert=CERT key=KEY', 0, undefined],
    ['tls://127.0.0.1:PORT ca=CA sni=other.example', 124, 'tls-name'],
    ['tls://127.0.0.1:PORT', 124, 'tls-untrusted'],
  ])('%s ends with %i', async (line, code, word) => {
    const target = line
      .replace('PORT', String(port))
      .replace('PLAIN', String(plain))
      .replace('=CA', `=${files.ca}`)
      .replace('=CERT', `=${files.cert}`)
      .replace('=KEY', `=${files.key}`);
    const ran = await run([target, '--once']);
    expect({ code: ran.code, reason: reason(ran) }).toEqual({ code, reason: word });
  });

  it.each([
    ['https://127.0.0.1:PORT/', 'tls-untrusted'],
    ['https://127.0.0.1:PORT/private insecure', 'http-status'],
  ])('%s fails at once with --strict', async (line, word) => {
    const ran = await run([line.replace('PORT', String(port)), '--strict']);
    expect({ code: ran.code, reason: reason(ran) }).toEqual({ code: 3, reason: word });
  });
});

describe('a server that comes and goes', () => {
  it('is ready only after three successes in a row', needs(redisServer), async () => {
    await using server = await RedisServer.start();
    await server.stop();
    await using program = start([`redis://127.0.0.1:${server.port} stable=3 interval=20ms`, '--timeout=30s']);
    await program.waitForLog('waiting', { where: (line) => line['reason'] === 'refused' });
    await server.start();
    await program.waitForLog('waiting', { where: ({ detail }) => /^1 of 3/.test(String(detail)) });
    expect(await program.ended).toEqual({ code: 0, signal: null });
  });
});
