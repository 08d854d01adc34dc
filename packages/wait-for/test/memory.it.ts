import { mkdirSync, readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { needs } from '@pod-patterns/kit/testing/needs';
import type { RunningProgram } from '@pod-patterns/kit/testing/program';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { makeCertificates, openssl } from '../testing/certificates.ts';
import { FakeServer } from '../testing/fake-server.ts';
import { startKubeApi } from '../testing/kube-api.ts';
import { start } from '../testing/run.ts';

/** No server can fill the memory of wait-for. */
const mostMegabytes = 70;

/** The limit of the manifests. The API may use more of it: its objects are large, and its certificate is verified. */
const mostOfApi = (96 * 1024 * 1024) / 1e6;

function peakMegabytes(program: RunningProgram): number {
  const [, kib] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${program.pid}/status`, 'utf8')) ?? [];
  return (Number(kib) * 1024) / 1e6;
}

/** Sends a prefix, and then the same bytes endlessly, as fast as they are read. */
function pouring(head: string | Buffer, endless: string | Buffer) {
  const piece = Buffer.from(endless);
  const chunk = Buffer.concat(Array(Math.ceil(65_536 / piece.length)).fill(piece));
  return FakeServer.start((socket: Socket) => {
    socket.write(head);
    const pour = () => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on('drain', pour);
    pour();
  });
}

const ok = 'HTTP/1.1 200 OK\r\n';
const http2Settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
const http2Ping = Buffer.from([0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]);

describe(`at most ${mostMegabytes} MB are used`, () => {
  it('while it waits for several kinds', async () => {
    await using program = start([
      'tcp://127.0.0.1:1',
      'http://127.0.0.1:1/',
      'dns:x server=127.0.0.1:1',
      'file:/nowhere',
    ]);
    await eventually(() => program.log.length >= 4);
    expect(peakMegabytes(program)).toBeLessThanOrEqual(mostMegabytes);
  });

  it.each<[string, string | Buffer, string | Buffer]>([
    ['http://127.0.0.1:PORT/ body~=y', `${ok}\r\n`, 'x'],
    ['http://127.0.0.1:PORT/ json:/a=1', `${ok}\r\n`, '['],
    ['http://127.0.0.1:PORT/ status=204', `${ok}\r\n`, 'x'],
    ['http://127.0.0.1:PORT/', ok, 'a: b\r\n'],
    [
      'http://127.0.0.1:PORT/ body~=y',
      `${ok}transfer-encoding: chunked\r\n\r\n`,
      `400\r\n${'x'.repeat(1024)}\r\n`,
    ],
    ['redis://127.0.0.1:PORT', '+', 'x'],
    ['redis://127.0.0.1:PORT', '', '*1\r\n'],
    ['postgres://127.0.0.1:PORT', 'N', 'N\0\0\0\x04'],
    ['mysql://127.0.0.1:PORT', '', '\xff'],
    ['amqp://127.0.0.1:PORT', Buffer.from([1, 0, 0, 0, 0, 0x70, 0]), 'x'],
    ['mongodb://127.0.0.1:PORT', '', '\0'],
    ['kafka://127.0.0.1:PORT', '', '\0'],
    ['tls://127.0.0.1:PORT', '', '\x16\x03\x03\x01\0'],
    ['grpc://127.0.0.1:PORT', http2Settings, http2Ping],
    ['grpc://127.0.0.1:PORT', '', http2Settings],
  ])('by %s, whose server sends %j and then endless %j', async (line, head, endless) => {
    await using server = await pouring(head, endless);
    const target = `${line.replace('PORT', String(server.port))} interval=10ms max-interval=10ms`;
    await using program = start([target, 'tcp://127.0.0.1:1 interval=20ms max-interval=20ms stable=2']);
    const first = await program.waitForLog('waiting', {
      where: (entry) => entry['target'] !== 'tcp://127.0.0.1:1',
    });
    expect(first).toMatchObject({ reason: expect.any(String) });
    // garbage of many tries must not accumulate
    await eventually(() => server.connectionCount >= 40);
    expect(peakMegabytes(program)).toBeLessThanOrEqual(mostMegabytes);
    expect(await program.stop()).toMatchObject({ code: 143 });
  });
});

describe('the memory limit of the manifests is not reached', () => {
  it.each([
    ['an object', 'k8s:job/x', '/apis/batch/v1/namespaces/shop/jobs/x', '{"a":"'],
    ['a page', 'k8s:pod?l=a=b', '/api/v1/namespaces/shop/pods', '{"items":["'],
  ])('by an endless %s of Kubernetes', needs(openssl), async (_, target, path, head) => {
    using certificates = makeCertificates();
    using dir = tempDir();
    mkdirSync(dir.file('account'));
    await using api = await startKubeApi(certificates, dir.file('account'));
    let asked = 0;
    api.answers.set(path, (__, response) => {
      asked++;
      response.write(head);
      const pour = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', pour);
      pour();
    });
    const args = ['--service-account-dir', dir.file('account'), `${target} interval=10ms max-interval=10ms`];
    await using program = start(args, api.env);
    expect(await program.waitForLog('waiting')).toMatchObject({
      detail: expect.stringContaining('the answer is longer than 2 MiB'),
    });
    await eventually(() => asked >= 3);
    expect(peakMegabytes(program)).toBeLessThan(mostOfApi);
  });

  it('by a list of Kubernetes with endless pages', needs(openssl), async () => {
    using certificates = makeCertificates();
    using dir = tempDir();
    mkdirSync(dir.file('account'));
    await using api = await startKubeApi(certificates, dir.file('account'));
    const items = Array.from({ length: 100 }, (__, index) => ({
      metadata: { name: `${index}${'x'.repeat(1000)}` },
    }));
    api.answers.set('/api/v1/namespaces/shop/pods', (__, response) => {
      response.end(JSON.stringify({ metadata: { continue: 'more' }, items }));
    });
    const args = ['--service-account-dir', dir.file('account'), 'k8s:pod?l=a=b timeout=3s', '--once'];
    await using program = start(args, api.env);
    await eventually(() => api.requests.length > 20);
    const peak = peakMegabytes(program);
    expect(await program.ended).toMatchObject({ code: 124 });
    expect(peak).toBeLessThan(mostOfApi);
  });
});
