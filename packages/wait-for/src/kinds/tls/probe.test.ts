import { readFileSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { needs } from '@pod-patterns/kit/testing/needs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { afterAll, describe, expect, it } from 'vitest';
import { tryOnce } from '../../../testing/attempt.ts';
import { makeCertificates, openssl } from '../../../testing/certificates.ts';
import { FakeServer } from '../../../testing/fake-server.ts';
import { startHttps } from '../../../testing/web-server.ts';

const resources = new AsyncDisposableStack();
afterAll(() => resources.disposeAsync());

/** Files as a rotation leaves them between two writes, and files with the wrong content. */
describe('tls', needs(openssl), () => {
  const setUp = async () => {
    const certificates = resources.use(makeCertificates());
    const server = resources.use(await startHttps(certificates.issue('server')));
    return { ca: certificates.ca, one: certificates.issue('one'), two: certificates.issue('two'), server };
  };
  const ready = openssl.isMet ? setUp() : undefined;

  it.each([
    ['ca=CA', { ok: true }],
    ['ca=CA cert=CERT key=KEY', { ok: true }],
    ['ca=EMPTY', { reason: 'mismatch', detail: 'EMPTY contains no certificate in PEM' }],
    ['ca=CUT', { reason: 'mismatch', detail: 'CUT contains no certificate in PEM' }],
    ['ca=KEY', { reason: 'mismatch', detail: 'KEY contains no certificate in PEM' }],
    ['ca=CA cert=EMPTY key=KEY', { reason: 'mismatch', detail: 'EMPTY contains no certificate in PEM' }],
    ['ca=CA cert=CUT key=KEY', { reason: 'mismatch', detail: 'CUT contains no certificate in PEM' }],
    ['ca=CA cert=CERT key=EMPTY', { reason: 'mismatch', detail: 'EMPTY contains no private key in PEM' }],
    ['ca=CA cert=CERT key=CUTKEY', { reason: 'mismatch', detail: 'CUTKEY contains no private key in PEM' }],
    ['ca=CA cert=KEY key=CERT', { reason: 'mismatch', detail: 'KEY contains no certificate in PEM' }],
    [
      'ca=CA cert=CERT key=OTHER',
      { reason: 'mismatch', detail: 'the key in OTHER does not match the certificate in CERT' },
    ],
    ['ca=NONE', { reason: 'missing' }],
  ])('%s', async (keys, expected) => {
    const { ca, one, two, server } = (await ready) ?? (await setUp());
    using dir = tempDir();
    const paths: Record<string, string> = {
      ...{ CA: ca, CERT: one.cert, KEY: one.key, OTHER: two.key },
      ...{
        EMPTY: dir.file('empty'),
        CUT: dir.file('cut'),
        CUTKEY: dir.file('cut-key'),
        NONE: dir.file('none'),
      },
    };
    writeFileSync(dir.file('empty'), '');
    writeFileSync(dir.file('cut'), readFileSync(one.cert).subarray(0, 200));
    writeFileSync(dir.file('cut-key'), readFileSync(one.key).subarray(0, 100));
    const filled = (text: string) => text.replace(/\b[A-Z]{2,}\b/g, (name) => paths[name] ?? name);
    const outcome = await tryOnce(`tls://127.0.0.1:${server.port} ${filled(keys)}`);
    const detail = 'detail' in expected ? { detail: filled(expected.detail) } : {};
    expect(outcome).toMatchObject({ ...expected, ...detail });
  });
});

type Greet = (socket: Socket) => void;

/** Reactions of a server instead of a handshake. */
const handshakes: ReadonlyArray<readonly [does: string, greet: Greet, reason: string, words: string]> = [
  ['is silent', () => {}, 'timeout', 'the TLS handshake did not end'],
  ['hangs up', (socket) => socket.end(), 'reset', 'closed the connection'],
  ['resets the connection', (socket) => socket.resetAndDestroy(), 'reset', 'closed the connection'],
  [
    'sends half a record',
    (socket) => socket.write(Buffer.of(22, 3, 3, 0, 100, 2)),
    'timeout',
    'the TLS handshake did not end',
  ],
  [
    'sends half a record and hangs up',
    (socket) => socket.end(Buffer.of(22, 3, 3, 0, 100, 2)),
    'reset',
    'closed the connection',
  ],
  [
    'refuses the handshake',
    // an alert: fatal, handshake_failure
    (socket) => socket.end(Buffer.of(21, 3, 3, 0, 2, 2, 40)),
    'tls-protocol',
    'the TLS handshake failed',
  ],
  [
    'sends nonsense',
    (socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'),
    'tls-protocol',
    'the TLS handshake failed',
  ],
  [
    'sends zeros',
    (socket) => socket.write(Buffer.alloc(100_000)),
    'tls-protocol',
    'the TLS handshake failed',
  ],
];

describe.each([
  'tls://HOST',
  'https://HOST',
  'rediss://HOST',
  'amqps://HOST',
  'grpcs://HOST',
  'mongodb://HOST/?tls=true',
])('%s', (url) => {
  it.concurrent.each(handshakes)('whose server %s', async (_, greet, reason, words) => {
    await using server = await FakeServer.start(greet);
    const timeoutMs = reason === 'timeout' ? 1000 : 20_000;
    const outcome = await tryOnce(url.replace('HOST', `127.0.0.1:${server.port}`), { timeoutMs });
    expect(outcome).toMatchObject({ reason, detail: expect.stringContaining(words) });
  });
});
