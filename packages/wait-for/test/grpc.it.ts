import { readFileSync } from 'node:fs';
import {
  Metadata,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { needs } from '@pod-patterns/kit/testing/needs';
import { describe, expect, it } from 'vitest';
import { tryOnce } from '../testing/attempt.ts';
import { makeCertificates, openssl } from '../testing/certificates.ts';
import { FakeServer } from '../testing/fake-server.ts';
import { run } from '../testing/run.ts';

/** grpc.health.v1 served by the real grpc-js, with hand-written messages. */
const health: ServiceDefinition = {
  check: {
    path: '/grpc.health.v1.Health/Check',
    requestStream: false,
    responseStream: false,
    requestSerialize: (bytes: Buffer) => bytes,
    requestDeserialize: (bytes: Buffer) => bytes,
    responseSerialize: (bytes: Buffer) => bytes,
    responseDeserialize: (bytes: Buffer) => bytes,
  },
};

const serving = {
  '': 1,
  'shop.v1.Cart': 1,
  'shop.v1.Orders': 2,
  [`shop.v1.${'Long'.repeat(40)}`]: 1,
} as Readonly<Record<string, number>>; // by name, so that a name that is not there is undefined

const check: UntypedServiceImplementation = {
  check: (call: { request: Buffer }, answer: (error: object | null, bytes?: Buffer) => void) => {
    const lengthBytes = (call.request[1] ?? 0) < 0x80 ? 1 : 2;
    const service = call.request.toString('utf8', call.request.length === 0 ? 0 : 1 + lengthBytes);
    if (service === 'private')
      return answer({ code: status.PERMISSION_DENIED, details: 'not for you', metadata: new Metadata() });
    if (service === 'login')
      return answer({ code: status.UNAUTHENTICATED, details: 'who are you?', metadata: new Metadata() });
    if (service === 'broken')
      return answer({ code: status.UNAVAILABLE, details: 'in a moment', metadata: new Metadata() });
    const found = serving[service];
    if (found === undefined)
      return answer({ code: status.NOT_FOUND, details: `unknown: ${service} ä`, metadata: new Metadata() });
    return answer(null, Buffer.of(8, found));
  },
};

async function startGrpc(
  services: ReadonlyArray<readonly [ServiceDefinition, UntypedServiceImplementation]>,
  credentials = ServerCredentials.createInsecure(),
): Promise<AsyncDisposable & { readonly port: number }> {
  const server = new Server();
  for (const [definition, implementation] of services) server.addService(definition, implementation);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { port, [Symbol.asyncDispose]: async () => server.forceShutdown() };
}

describe('grpc', () => {
  it.each([
    ['', { ok: true, detail: expect.stringContaining('the server is SERVING') }],
    ['/shop.v1.Cart', { ok: true, detail: expect.stringContaining('shop.v1.Cart is SERVING') }],
    [`/shop.v1.${'Long'.repeat(40)}`, { ok: true }],
    [
      '/shop.v1.Orders',
      { reason: 'not-ready', detail: expect.stringContaining('shop.v1.Orders is NOT_SERVING') },
    ],
    [
      '/shop.v1.None',
      { reason: 'not-found', detail: expect.stringContaining('status 5 (unknown: shop.v1.None ä)') },
    ],
    ['/broken', { reason: 'not-ready', detail: expect.stringContaining('in a moment') }],
    ['/private', { reason: 'denied' }],
    ['/login', { reason: 'auth' }],
  ])('grpc://HOST%s', async (service, outcome) => {
    await using server = await startGrpc([[health, check]]);
    expect(await tryOnce(`grpc://127.0.0.1:${server.port}${service}`)).toMatchObject(outcome);
  });

  it('reports a server without a health service', async () => {
    await using server = await startGrpc([]);
    expect(await tryOnce(`grpc://127.0.0.1:${server.port}`)).toMatchObject({ reason: 'mismatch' });
  });

  it('speaks TLS', needs(openssl), async () => {
    using certificates = makeCertificates();
    const { cert, key } = certificates.issue('grpc');
    const pair = { cert_chain: readFileSync(cert), private_key: readFileSync(key) };
    await using server = await startGrpc([[health, check]], ServerCredentials.createSsl(null, [pair]));
    const url = `grpcs://localhost:${server.port}/shop.v1.Cart`;
    expect(await tryOnce(`${url} ca=${certificates.ca}`)).toMatchObject({ ok: true });
    expect(await tryOnce(url)).toMatchObject({ reason: 'tls-untrusted' });
    expect(await tryOnce(url.replace('grpcs', 'grpc'), { timeoutMs: 1000 })).toMatchObject({
      reason: expect.stringMatching(/^(reset|http-protocol|timeout)$/),
    });
  });

  it('reports a server that is not HTTP/2', async () => {
    await using server = await FakeServer.start(undefined, (_, socket) =>
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    );
    expect(await tryOnce(`grpc://127.0.0.1:${server.port}`)).toMatchObject({
      reason: expect.stringMatching(/^(http-protocol|reset)$/),
    });
  });

  it('times out without an answer', async () => {
    await using server = await FakeServer.start();
    expect(await tryOnce(`grpc://127.0.0.1:${server.port}`, { timeoutMs: 1500 })).toMatchObject({
      reason: 'timeout',
      detail: expect.stringContaining('no answer to a health check'),
    });
  });

  it('works in the bundle', async () => {
    await using server = await startGrpc([[health, check]]);
    expect(await run([`grpc://127.0.0.1:${server.port}/shop.v1.Cart`])).toMatchObject({ code: 0 });
  });
});
