import { writeFileSync } from 'node:fs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { type DnsAnswer, DnsServer } from '../../../testing/dns-server.ts';
import { Attempt, type Surroundings } from '../attempt.ts';
import { Files } from '../files.ts';
import { Turns } from '../turns.ts';
import { addressesOf } from './resolve.ts';

const zone: Readonly<Record<string, DnsAnswer>> = {
  'db.shop.svc': { a: ['10.0.0.1', '10.0.0.2', '10.0.0.3'], aaaa: ['fd00::1'] },
  'six.svc': { aaaa: ['fd00::6'] },
  'broken.svc': 'servfail',
  'broken.shop.svc': 'servfail',
  'empty.shop.svc': {},
  'silent.shop.svc': 'drop',
  'many.shop.svc': { a: Array.from({ length: 20 }, (_, index) => `10.0.1.${index}`) },
};

async function pod(hosts = '127.0.0.1 localhost\n10.9.9.9 named\n') {
  const dns = await DnsServer.start((name) => zone[name] ?? 'no such name');
  const dir = tempDir();
  writeFileSync(dir.file('hosts'), hosts);
  writeFileSync(dir.file('resolv.conf'), `nameserver ${dns.address}\nsearch shop.svc svc\noptions ndots:5\n`);
  const surroundings: Surroundings = {
    files: new Files(),
    turns: new Turns(),
    hosts: dir.file('hosts'),
    resolvConf: dir.file('resolv.conf'),
    serviceAccountDir: '/nowhere',
    env: {},
  };
  return {
    dns,
    addressesOf: (host: string, family: 0 | 4 | 6 = 0, timeoutMs = 30_000) =>
      addressesOf({ host, family }, new Attempt(AbortSignal.timeout(timeoutMs), surroundings)),
    [Symbol.asyncDispose]: async () => {
      dir[Symbol.dispose]();
      await dns[Symbol.asyncDispose]();
    },
  };
}

describe('addressesOf', () => {
  it.each([
    ['10.0.0.1', 0, ['10.0.0.1']],
    ['fe80::1%eth0', 0, ['fe80::1%eth0']],
    // families alternate
    ['db', 0, ['10.0.0.1', 'fd00::1', '10.0.0.2', '10.0.0.3']],
    ['db', 4, ['10.0.0.1', '10.0.0.2', '10.0.0.3']],
    ['db', 6, ['fd00::1']],
    ['DB', 4, ['10.0.0.1', '10.0.0.2', '10.0.0.3']],
    ['db.shop.svc.', 6, ['fd00::1']],
    ['six', 0, ['fd00::6']],
    ['named', 0, ['10.9.9.9']],
    ['localhost', 0, ['127.0.0.1', '::1']],
    ['localhost', 6, ['::1']],
    ['app.localhost', 4, ['127.0.0.1']],
    ['six', 4, { reason: 'dns-not-found', detail: 'six has no A record' }],
    ['empty', 0, { reason: 'dns-not-found', detail: 'empty has no A or AAAA record' }],
    ['nobody', 0, { reason: 'dns-not-found', detail: 'no such name: nobody' }],
    ['broken', 0, { reason: 'dns-failed', detail: expect.stringContaining('ESERVFAIL for broken.shop.svc') }],
  ] as const)('%s over family %i is %j', async (host, family, expected) => {
    await using here = await pod();
    const found = await here.addressesOf(host, family);
    if (Array.isArray(expected)) expect(found).toEqual(expected);
    else expect(found).toMatchObject(expected);
  });

  it('asks no server for names of the hosts file, or for localhost', async () => {
    await using here = await pod('');
    await here.addressesOf('localhost');
    await using there = await pod();
    await there.addressesOf('named');
    expect([...here.dns.questions, ...there.dns.questions]).toEqual([]);
  });

  it('stops at the end of its time, and says what it was waiting for', async () => {
    await using here = await pod();
    const startedAt = performance.now();
    const found = await here.addressesOf('silent', 0, 1500);
    expect(found).toMatchObject({
      reason: 'dns-failed',
      detail: `no answer from the DNS server ${here.dns.address} for silent`,
    });
    // otherwise three names at 7 s each
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(new Set(here.dns.questions)).toEqual(new Set(['a silent.shop.svc', 'aaaa silent.shop.svc']));
  });

  it('limits the addresses to the number that can be tried', async () => {
    await using here = await pod();
    expect(await here.addressesOf('many')).toHaveLength(16);
  });
});
