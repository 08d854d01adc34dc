import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { freePort } from '@pod-patterns/kit/testing/free-port';
import { needs } from '@pod-patterns/kit/testing/needs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { afterAll, describe, expect, it } from 'vitest';
import { reasons } from '../src/probe/outcome.ts';
import { startBlackhole } from '../testing/blackhole.ts';
import { makeCertificates, openssl } from '../testing/certificates.ts';
import { DnsServer } from '../testing/dns-server.ts';
import { FakeServer } from '../testing/fake-server.ts';
import { startKubeApi } from '../testing/kube-api.ts';
import { run } from '../testing/run.ts';
import { startHttps } from '../testing/web-server.ts';

/** Every reason, caused for real and reported by the whole program. */

const resources = new AsyncDisposableStack();
afterAll(() => resources.disposeAsync());

const dir = resources.use(tempDir());
const file = (name: string, text: string) => {
  writeFileSync(dir.file(name), text);
  return dir.file(name);
};

async function web(answer: RequestListener): Promise<number> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  resources.defer(() => void server.close());
  return (server.address() as { port: number }).port; // a TCP server has one
}

async function fake(...args: Parameters<typeof FakeServer.start>): Promise<number> {
  return resources.use(await FakeServer.start(...args)).port;
}

const replying = (reply: string) => fake(undefined, (_, socket) => socket.write(reply));

const certificates = openssl.isMet ? resources.use(makeCertificates()) : undefined;

async function https(options: { altNames?: string; days?: number } = {}): Promise<number> {
  const pair = certificates?.issue(`server-${Math.random().toString(36).slice(2)}`, options);
  return pair === undefined ? 1 : resources.use(await startHttps(pair)).port;
}

interface Case {
  readonly target: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** 124 by default. */
  readonly code?: number;
  readonly words: RegExp;
}

const cases: Record<(typeof reasons)[number], () => Promise<Case>> = {
  'dns-not-found': async () => {
    const dns = resources.use(await DnsServer.start(() => 'no such name'));
    return { target: `dns:redis server=${dns.address}`, words: /no such name: redis/ };
  },
  'dns-failed': async () => {
    const dns = resources.use(await DnsServer.start(() => 'drop'));
    return {
      target: `dns:redis server=${dns.address} timeout=1s`,
      words: /no answer from the DNS server 127\.0\.0\.1:\d+ for redis/,
    };
  },
  refused: async () => ({
    target: `tcp://127.0.0.1:${await freePort()}`,
    words: /127\.0\.0\.1:\d+ refused the connection/,
  }),
  unreachable: async () => ({
    target: 'tcp://255.255.255.255:1',
    words: /no route to 255\.255\.255\.255:1 \(E\w+\)/,
  }),
  timeout: async () => {
    const { port } = resources.use(await startBlackhole());
    return {
      target: `tcp://127.0.0.1:${port} timeout=200ms`,
      words: /no answer from 127\.0\.0\.1:\d+ \(a Service without endpoints\?\) within 200ms/,
    };
  },
  reset: async () => ({
    target: `redis://127.0.0.1:${await fake((socket) => socket.end())}`,
    words: /closed the connection/,
  }),
  'tls-untrusted': async () => ({
    target: `https://127.0.0.1:${await https()}`,
    words: /not signed by a trusted authority/,
  }),
  'tls-expired': async () => ({
    target: `tls://127.0.0.1:${await https({ days: -1 })} ca=${certificates?.ca}`,
    words: /has expired or is not valid yet \(CERT_HAS_EXPIRED\)/,
  }),
  'tls-name': async () => ({
    target: `https://127.0.0.1:${await https({ altNames: 'DNS:other.example' })} ca=${certificates?.ca}`,
    words: /for another name \(.*127\.0\.0\.1.*\)/,
  }),
  'tls-protocol': async () => ({
    target: `tls://127.0.0.1:${await replying('HTTP/1.1 400 Bad Request\r\n\r\n')}`,
    words: /the TLS handshake failed/,
  }),
  'http-status': async () => ({
    target: `http://127.0.0.1:${await web((_, response) => response.writeHead(503).end())}/`,
    words: /answers 503/,
  }),
  'http-body': async () => ({
    target: `http://127.0.0.1:${await web((_, response) => response.end('{"status":"starting"}'))}/ json:/status=ok`,
    words: /has starting at \/status, not ok/,
  }),
  'http-protocol': async () => ({
    target: `http://127.0.0.1:${await replying('SSH-2.0-OpenSSH_9.2\r\n')}/`,
    words: /not an HTTP\/1 server/,
  }),
  missing: async () => ({ target: `file:${dir.file('none')}`, words: /none does not exist/ }),
  'too-small': async () => ({ target: `file:${file('small', 'a')} min-bytes=2`, words: /has 1 of 2 bytes/ }),
  'too-old': async () => ({
    target: `file:${file('old', 'a')} newer-than=2099-01-01T00:00:00Z`,
    words: /too long ago/,
  }),
  mismatch: async () => {
    const dns = resources.use(await DnsServer.start(() => ({ a: ['203.0.113.1'] })));
    return { target: `dns:redis server=${dns.address} in=10.0.0.0/8`, words: /0 of 1 in 10\.0\.0\.0\/8/ };
  },
  'not-ready': async () => ({
    target: `redis://127.0.0.1:${await replying('-MASTERDOWN Link with MASTER is down\r\n')}`,
    words: /MASTERDOWN/,
  }),
  loading: async () => ({
    target: `redis://127.0.0.1:${await replying('-LOADING Redis is loading\r\n')}`,
    words: /LOADING/,
  }),
  auth: async () => ({
    target: `redis://127.0.0.1:${await replying('-NOAUTH Authentication required.\r\n')}`,
    code: 3,
    words: /NOAUTH/,
  }),
  denied: async () => {
    const api = await kubeApi();
    return { ...api, target: 'k8s:job/secret', code: 3, words: /kind: Role/ };
  },
  'not-found': async () => ({ ...(await kubeApi()), target: 'k8s:job/none', words: /"none" not found/ }),
  failed: async () => ({
    ...(await kubeApi()),
    target: 'k8s:job/failed',
    code: 3,
    words: /BackoffLimitExceeded/,
  }),
};

async function kubeApi(): Promise<Pick<Case, 'args' | 'env'>> {
  if (certificates === undefined) return {};
  const folder = dir.file(`account-${Math.random().toString(36).slice(2)}`);
  mkdirSync(folder);
  const api = resources.use(await startKubeApi(certificates, folder));
  api.objects.set('/apis/batch/v1/namespaces/shop/jobs/failed', {
    status: { conditions: [{ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded' }] },
  });
  api.forbidden.add('/apis/batch/v1/namespaces/shop/jobs/secret');
  return { args: ['--service-account-dir', folder], env: api.env };
}

describe('the reason', needs(openssl), () => {
  it.concurrent.each(reasons)(
    '%s appears in both formats, the termination log and the exit code',
    async (reason) => {
      const { target, args = [], env = {}, code = 124, words } = await cases[reason]();
      const state = code === 3 ? 'failed' : 'waiting';
      const result = code === 3 ? 'failed' : 'timed-out';

      const line = `${target} name=it${target.includes('timeout=') ? '' : ' timeout=20s'}`;
      const json = await run([line, ...args, '--once'], env);
      expect(json).toMatchObject({ code, stdout: '' });
      expect(json.log.filter(({ msg }) => msg !== 'summary')).toEqual([
        expect.objectContaining({
          component: 'wait-for',
          target: 'it',
          state,
          reason,
          detail: expect.stringMatching(words),
        }),
      ]);
      const summary = json.log.at(-1);
      expect(summary).toMatchObject({ msg: 'summary', result, targets: [{ target: 'it', state, reason }] });
      expect(JSON.parse(json.terminationLog)).toEqual(summary);
      expect({ ...JSON.parse(json.report), time: summary?.['time'] }).toEqual(summary);

      const text = await run([line, ...args, '--once', '--format=text'], env);
      expect(text.code).toBe(code);
      expect(text.stderr.join('\n')).toMatch(new RegExp(`^it  ${state}  ${reason}: .*${words.source}`, 's'));
      expect(text.terminationLog).toMatch(
        new RegExp(`^wait-for: (not ready after one try,|failed after) .*: it ${state}, ${reason}: `),
      );
      expect(text.stderr).toContain(text.terminationLog);
      expect(JSON.parse(text.report)).toMatchObject({ result, targets: [{ target: 'it', state, reason }] });
    },
  );
});
