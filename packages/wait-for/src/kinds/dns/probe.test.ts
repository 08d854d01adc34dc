import { writeFileSync } from 'node:fs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tryOnce } from '../../../testing/attempt.ts';
import { type DnsAnswer, DnsServer } from '../../../testing/dns-server.ts';
import { FakeServer } from '../../../testing/fake-server.ts';
import { reasons } from '../../probe/outcome.ts';

const zone: Readonly<Record<string, DnsAnswer>> = {
  'redis.shop.svc.cluster.local': { a: ['10.0.0.1', '10.0.0.2'] },
  'six.shop.svc.cluster.local': { aaaa: ['fd00::1'] },
  'both.svc.cluster.local': { a: ['10.0.0.9'], aaaa: ['fd00::9'] },
  '_redis._tcp.redis.shop.svc.cluster.local': { srv: ['redis-0.redis:6379', 'redis-1.redis:6379'] },
  'web.shop.svc.cluster.local': { a: ['127.0.0.1'] },
  'example.com': { a: ['192.0.2.1'] },
  'broken.shop.svc.cluster.local': 'servfail',
  'slow.shop.svc.cluster.local': 'drop',
  'empty.shop.svc.cluster.local': {},
};

/** DNS of a cluster, and the resolv.conf of a pod. */
async function cluster(
  answer: (name: string, type: 'a' | 'aaaa' | 'srv') => DnsAnswer = (name) => zone[name] ?? 'no such name',
) {
  const server = await DnsServer.start(answer);
  const dir = tempDir();
  const resolvConf = dir.file('resolv.conf');
  const search = 'shop.svc.cluster.local svc.cluster.local cluster.local';
  writeFileSync(resolvConf, `nameserver ${server.address}\nsearch ${search}\noptions ndots:5\n`);
  return {
    server,
    ask: (line: string, timeoutMs = 5000) => tryOnce(line, { resolvConf, timeoutMs }),
    [Symbol.asyncDispose]: async () => {
      dir[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

describe('dns', () => {
  it.each([
    ['dns:redis', { ok: true, detail: 'redis.shop.svc.cluster.local resolves to 10.0.0.1 10.0.0.2' }],
    ['dns:six', { ok: true, detail: 'six.shop.svc.cluster.local resolves to fd00::1' }],
    ['dns:both', { ok: true, detail: 'both.svc.cluster.local resolves to 10.0.0.9 fd00::9' }],
    ['dns+a:both', { ok: true, detail: 'both.svc.cluster.local resolves to 10.0.0.9' }],
    ['dns+aaaa:both', { ok: true, detail: 'both.svc.cluster.local resolves to fd00::9' }],
    ['dns+aaaa:redis', { reason: 'dns-not-found', detail: 'redis has no AAAA record' }],
    ['dns:empty', { reason: 'dns-not-found', detail: 'empty has no A or AAAA record' }],
    ['dns:nobody', { reason: 'dns-not-found', detail: 'no such name: nobody' }],
    ['dns:example.com', { ok: true, detail: 'example.com resolves to 192.0.2.1' }],
    ['dns:redis.', { reason: 'dns-not-found' }],
    ['dns:redis min=2', { ok: true }],
    ['dns:redis min=3', { reason: 'not-ready', detail: expect.stringContaining('2 of 3 answers') }],
    ['dns:redis in=10.0.0.0/8', { ok: true }],
    [
      'dns:redis in=10.0.0.2/32 min=2',
      { reason: 'mismatch', detail: expect.stringContaining('1 of 2 in 10.0.0.2/32') },
    ],
    ['dns:example.com in=10.0.0.0/8', { reason: 'mismatch' }],
    ['dns:six in=fd00::/8', { ok: true }],
    [
      'dns+srv:_redis._tcp.redis',
      { ok: true, detail: expect.stringContaining('resolves to redis-0.redis:6379 redis-1.redis:6379') },
    ],
    ['dns+srv:_redis._tcp.redis min=3', { reason: 'not-ready' }],
    ['dns:broken', { reason: 'dns-failed', detail: expect.stringContaining('ESERVFAIL') }],
  ])('%s', async (line, outcome) => {
    await using dns = await cluster();
    expect(await dns.ask(line)).toMatchObject(outcome);
  });

  it('asks the search domains in order, and stops at the first that answers', async () => {
    await using dns = await cluster();
    await dns.ask('dns+a:both');
    const questions = dns.server.questions.filter((question) => !question.includes('wait-for-'));
    expect(questions).toEqual(['a both.shop.svc.cluster.local', 'a both.svc.cluster.local']);
  });

  it('fails once if the server drops all queries', async () => {
    await using dns = await cluster();
    expect(await dns.ask('dns:slow', 400)).toMatchObject({
      reason: 'dns-failed',
      detail: `no answer from the DNS server ${dns.server.address} for slow`,
    });
  });

  it('asks the server of the key instead of resolv.conf', async () => {
    await using dns = await cluster();
    await using other = await DnsServer.start(() => ({ a: ['192.0.2.7'] }));
    expect(await dns.ask(`dns+a:redis server=${other.address}`)).toMatchObject({
      ok: true,
      detail: 'redis.shop.svc.cluster.local resolves to 192.0.2.7',
    });
    expect(dns.server.questions).toEqual([]);
  });

  it('fails if no server listens at the address', async () => {
    expect(await tryOnce('dns:redis server=127.0.0.1:1')).toMatchObject({
      reason: 'dns-failed',
      detail: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('is ready with the records of one family if the server never answers for the other', async () => {
    await using dns = await cluster((name, type) =>
      type === 'aaaa' ? 'drop' : (zone[name] ?? 'no such name'),
    );
    expect(await dns.ask('dns:redis', 20_000)).toEqual({
      ok: true,
      detail: 'redis.shop.svc.cluster.local resolves to 10.0.0.1 10.0.0.2',
    });
    expect(await dns.ask('dns:nobody', 20_000)).toMatchObject({ reason: 'dns-not-found' });
  });

  it('waits for the other family if one has too few records', async () => {
    await using dns = await cluster();
    expect(await dns.ask('dns:both min=2')).toMatchObject({ ok: true });
  });

  it('counts the pods of a large Service, whose addresses come over TCP', async () => {
    const a = Array.from({ length: 200 }, (_, index) => `10.0.${index >> 6}.${index & 63}`);
    await using dns = await cluster((name) => (name.startsWith('wait-for-') ? 'no such name' : { a }));
    expect(await dns.ask('dns+a:redis min=200', 20_000)).toMatchObject({ ok: true });
    expect(await dns.ask('dns+a:redis min=201', 20_000)).toMatchObject({ reason: 'not-ready' });
  });

  it('accepts the records of one family if the server denies the name for the other', async () => {
    await using dns = await cluster((name, type) =>
      type === 'aaaa' ? 'no such name' : (zone[name] ?? 'no such name'),
    );
    expect(await dns.ask('dns:redis')).toMatchObject({ ok: true });
  });

  it.each(['servfail', 'drop'] as const)('asks the next server when the first says %s', async (answer) => {
    await using first = await DnsServer.start(() => answer);
    await using next = await cluster();
    using dir = tempDir();
    writeFileSync(
      dir.file('resolv.conf'),
      `nameserver ${first.address}\nnameserver ${next.server.address}\nsearch shop.svc.cluster.local\noptions ndots:5\n`,
    );
    const resolvConf = dir.file('resolv.conf');
    expect(await tryOnce('dns:redis', { resolvConf, timeoutMs: 20_000 })).toMatchObject({ ok: true });
    await using server = await FakeServer.start();
    const web = await tryOnce(`tcp4://web:${server.port}`, { resolvConf, timeoutMs: 20_000 });
    expect(web).toMatchObject({ ok: true });
    expect(first.questions.length).toBeGreaterThan(0);
  });

  it('does not count the SRV target ".", which means no service', async () => {
    await using dns = await cluster(() => ({ srv: ['.:0'] }));
    expect(await dns.ask('dns+srv:_redis._tcp.redis')).toMatchObject({
      reason: 'dns-not-found',
      detail: 'no such service: _redis._tcp.redis',
    });
  });

  it('warns of a wildcard', async () => {
    await using dns = await cluster((name) =>
      name.endsWith('.svc.cluster.local') ? 'no such name' : { a: ['203.0.113.1'] },
    );
    expect(await dns.ask('dns:redis')).toEqual({
      ok: true,
      detail: 'redis.cluster.local resolves to 203.0.113.1',
      warning:
        'every name in cluster.local has this answer (a wildcard), so redis.cluster.local may not exist',
    });
    expect(await dns.ask('dns:redis in=10.0.0.0/8')).toMatchObject({ reason: 'mismatch' });
  });

  it('does not wait for the wildcard check if the server drops unknown names', async () => {
    await using dns = await cluster((name) => zone[name] ?? 'drop');
    expect(await dns.ask('dns:redis')).toEqual({
      ok: true,
      detail: 'redis.shop.svc.cluster.local resolves to 10.0.0.1 10.0.0.2',
    });
  });

  it.each<[says: string, spoil: (reply: Buffer) => Buffer]>([
    ['half a packet', (reply) => reply.subarray(0, reply.length / 2)],
    ['the head of a packet', (reply) => reply.subarray(0, 12)],
    ['an empty packet', () => Buffer.alloc(0)],
    [
      'a name that points to itself',
      (reply) => Buffer.concat([reply.subarray(0, 12), Buffer.of(0xc0, 12, 0, 1, 0, 1)]),
    ],
    [
      'missing records',
      (reply) => Buffer.concat([reply.subarray(0, 6), Buffer.of(0xff, 0xff), reply.subarray(8)]),
    ],
    [
      'random bytes',
      (reply) => Buffer.concat([reply.subarray(0, 2), Buffer.from('zufällige Bytes '.repeat(20))]),
    ],
  ])('is not ready, and continues, if a server sends %s', async (_, spoil) => {
    await using dns = await cluster(() => ({ spoil }));
    expect(await dns.ask('dns:redis', 1500)).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/^dns-/),
    });
  });

  it('has a reason for every corrupted answer', async () => {
    let spoil = (reply: Buffer) => reply;
    await using dns = await cluster(() => ({ spoil: (reply) => spoil(reply) }));
    const change = fc.record({
      at: fc.integer({ min: 2, max: 60 }),
      put: fc.uint8Array({ minLength: 1, maxLength: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ at, put }) => {
        spoil = (reply) => Buffer.concat([reply.subarray(0, at), put, reply.subarray(at + put.length)]);
        const outcome = await dns.ask('dns:redis.', 100);
        expect(outcome.ok || reasons.includes(outcome.reason)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('ignores an answer to another question', async () => {
    await using dns = await cluster(() => 'forged');
    expect(await dns.ask('dns:redis', 1500)).toMatchObject({ reason: 'dns-failed' });
    expect(dns.server.questions).toContain('a redis.shop.svc.cluster.local');
  });
});
