import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { freePort } from '@pod-patterns/kit/testing/free-port';
import { installed, needs } from '@pod-patterns/kit/testing/needs';
import { RedisServer, redisServer } from '@pod-patterns/kit/testing/redis';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { Ambassador } from './support/ambassador.ts';
import { ClusterGroup } from './support/cluster-group.ts';
import { markedTraffic, missingAt } from './support/marked-traffic.ts';
import { bulk, RawConnection } from './support/raw-connection.ts';
import { askPort, SentinelGroup } from './support/sentinel-group.ts';
import { inUrl, Tls } from './support/tls.ts';

const openssl = installed('openssl');

/** Writes keys on all servers and reads them back. */
async function works(ambassador: Ambassador, name: string): Promise<void> {
  await eventually(async () => (await askPort(ambassador.port, 'SET', 'probe', '1')) === '+OK\r\n');
  let rounds = 0;
  const tally = await markedTraffic({ port: ambassador.port, name, isOver: () => rounds++ > 20 });
  expect(tally.errors).toBe(0);
  expect(await missingAt(ambassador.port, tally.acknowledged)).toEqual([]);
}

/** Servers of a ring with these additional arguments, and their URL. */
async function startRing(
  resources: AsyncDisposableStack,
  { host, argsFor }: { host: string; argsFor: (place: number) => readonly string[] },
): Promise<string> {
  const hosts: string[] = [];
  for (let server = 0; server < 3; server++) {
    const place = await freePort();
    const args = argsFor(place);
    const redis = resources.use(await RedisServer.start(args));
    hosts.push(inUrl(host, args.includes('--tls-port') ? place : redis.port));
  }
  return `redis-ring://${hosts.join(',')}`;
}

describe('TLS works', needs(redisServer, openssl), () => {
  it('to a Cluster, except a server whose certificate has another name', async () => {
    using folder = tempDir();
    const tls = new Tls(folder);
    await using group = await ClusterGroup.start({ replicas: 0, tls });
    await using ambassador = await Ambassador.start(group.url());
    await works(ambassador, 'cluster');
    expect(await askPort(ambassador.port, 'DBSIZE')).toMatch(/^:[1-9]/);
    const { topology } = await ambassador.admin<{ topology: { nodes: { state: string }[] } }>('/status');
    expect(topology.nodes.map(({ state }) => state)).toEqual(['up', 'up', 'up']);
    await using wrong = await Ambassador.start(`${group.url()}&sni=other.test`, ['--failover-hold', '0']);
    await eventually(async () =>
      (await askPort(wrong.port, 'GET', 'a')).startsWith('-LOADING redis-ambassador: upstream the Cluster '),
    );
    expect(await wrong.metric('redis_ambassador_links{kind="shared"}')).toBe(0);
  });

  it('to a ring', async () => {
    using folder = tempDir();
    const tls = new Tls(folder);
    await using resources = new AsyncDisposableStack();
    const argsFor = (place: number) => tls.settings(place).flatMap(([name, value]) => [`--${name}`, value]);
    const url = await startRing(resources, { host: '127.0.0.1', argsFor });
    await using ambassador = await Ambassador.start(`${url}?${tls.query}`);
    await works(ambassador, 'ring');
  });

  it('to Sentinels and servers, with separate users, through a failover', async () => {
    using folder = tempDir();
    const tls = new Tls(folder);
    await using group = await SentinelGroup.start({
      tls,
      redisArgs: ['--user', 'app', 'on', '>of app', '~*', '&*', '+@all'],
      sentinelLines: ['user watcher on >of-watcher allchannels +@all'],
    });
    const url = (password: string) =>
      group.url({
        login: 'app:of%20app@',
        query: `?${tls.query}&sentinel_user=watcher&sentinel_password=${password}`,
      });
    await using ambassador = await Ambassador.start(url('of-watcher'), ['--read-from', 'prefer-replica']);
    await works(ambassador, 'before');
    expect(await askPort(ambassador.port, 'ACL', 'WHOAMI')).toBe(bulk('app'));
    await eventually(async () => (await ambassador.metric('redis_ambassador_readable_replicas')) === 2);
    const before = await group.primary();
    await group.failOver();
    await group.switchedFrom(before);
    await eventually(async () => (await ambassador.metric('redis_ambassador_failovers_total')) === 1);
    await eventually(async () => (await askPort(ambassador.port, 'SET', 'after', '1')) === '+OK\r\n');
    await using refused = await Ambassador.start(url('wrong'), ['--failover-hold', '0']);
    await refused.program.waitForLog('Sentinel failing');
    expect(await askPort(refused.port, 'GET', 'a')).toContain('no Sentinel has named its primary');
  });
});

describe('IPv6', needs(redisServer), () => {
  it('reaches a Cluster, also after MOVED', async () => {
    await using group = await ClusterGroup.start({ replicas: 0, host: '::1' });
    await using ambassador = await Ambassador.start(group.url());
    await works(ambassador, 'cluster');
    const { nodes } = await ambassador.admin<{ nodes: { address: string }[] }>('/topology');
    for (const { address } of nodes) expect(address).toMatch(/^\[::1\]:\d+$/);
    let [from, to] = group.servers;
    if (from === undefined || to === undefined) throw new Error('no servers');
    // sometimes the ambassador refreshes right after the move, and is not redirected
    for (let redirects = 0; redirects === 0; [from, to] = [to, from]) {
      // the slot of `b` is 3300
      await group.beginMove(3300, from, to);
      while (await group.moveKeys(3300, from, to));
      await group.endMove(3300, to);
      const value = `at ${to.port}`;
      expect(await askPort(ambassador.port, 'SET', 'b', value)).toBe('+OK\r\n');
      expect(await group.ask(to, 'GET', 'b')).toBe(bulk(value));
      redirects = await ambassador.metric('redis_ambassador_redirects_total{kind="moved"}');
    }
  });

  it('reaches Sentinels, and the primary and replicas that they name', async () => {
    await using group = await SentinelGroup.start({ host: '::1' });
    await using ambassador = await Ambassador.start(group.url(), ['--read-from', 'prefer-replica']);
    await works(ambassador, 'sentinel');
    await eventually(async () => (await ambassador.metric('redis_ambassador_readable_replicas')) === 2);
    const { nodes } = await ambassador.admin<{ nodes: { address: string; state: string }[] }>('/topology');
    expect(nodes.map(({ address, state }) => [address.replace(/\d+$/, ''), state])).toEqual(
      new Array(3).fill(['[::1]:', 'up']),
    );
  });

  it('reaches a ring', async () => {
    await using resources = new AsyncDisposableStack();
    const url = await startRing(resources, { host: '::1', argsFor: () => ['--bind', '127.0.0.1', '::1'] });
    await using ambassador = await Ambassador.start(url);
    await works(ambassador, 'ring');
  });
});

/** Names whose addresses the test can change. */
function hostNames(folder: { file(name: string): string }) {
  const file = folder.file('hosts.json');
  const set = (hosts: Readonly<Record<string, string>>) => writeFileSync(file, JSON.stringify(hosts));
  const preload = pathToFileURL(join(import.meta.dirname, 'support/hosts-file.ts')).href;
  return { set, env: { TEST_HOSTS: file, NODE_OPTIONS: `--import=${preload}` } };
}

describe('a new address is followed', needs(redisServer), () => {
  it('for servers of a ring, whose keys stay with the name', async () => {
    using folder = tempDir();
    const names = hostNames(folder);
    const port = await freePort();
    const startAt = (address: string) => RedisServer.start(['--bind', address], port);
    await using one = await startAt('127.0.0.2');
    await using two = await startAt('127.0.0.3');
    names.set({ 'one.test': '127.0.0.2', 'two.test': '127.0.0.3' });
    await using ambassador = await Ambassador.start(`redis-ring://one.test:${port},two.test:${port}`, [], {
      env: names.env,
    });
    await works(ambassador, 'ring');
    const keys = Array.from({ length: 20 }, (_, index) => `${index}:a key of some length`);
    using client = await RawConnection.open(ambassador.port);
    // a Pod that was restarted elsewhere with an empty store
    await one.stop();
    await using _moved = await startAt('127.0.0.4');
    names.set({ 'one.test': '127.0.0.4', 'two.test': '127.0.0.3' });
    await eventually(
      async () => (await client.ask('MSET', ...keys.flatMap((key) => [key, key]))) === '+OK\r\n',
    );
    for (const key of keys) expect(await client.ask('GET', key)).toBe(bulk(key));
    // both servers have some
    await two.stop();
    const left = await eventually(async () => {
      const replies = await Promise.all(keys.map((key) => askPort(ambassador.port, 'GET', key)));
      const found = replies.filter((reply) => reply.startsWith('$')).length;
      return found < keys.length ? found : undefined;
    });
    expect(left).toBeGreaterThan(0);
  });

  it('for the seeds of a Cluster and for its named nodes', async () => {
    using folder = tempDir();
    const names = hostNames(folder);
    await using group = await ClusterGroup.start({
      replicas: 0,
      redisArgs: [
        '--cluster-preferred-endpoint-type',
        'hostname',
        '--cluster-announce-hostname',
        'node.test',
      ],
    });
    names.set({ 'seed.test': '127.0.0.2', 'node.test': '127.0.0.1' });
    const url = group.url().replaceAll('127.0.0.1', 'seed.test');
    await using ambassador = await Ambassador.start(url, ['--failover-hold', '0'], { env: names.env });
    expect(await askPort(ambassador.port, 'GET', 'a')).toContain('no node serves these keys');
    names.set({ 'seed.test': '127.0.0.1', 'node.test': '127.0.0.1' });
    await works(ambassador, 'cluster');
    const { nodes } = await ambassador.admin<{ nodes: { address: string }[] }>('/topology');
    for (const { address } of nodes) expect(address).toMatch(/^node\.test:\d+$/);
  });

  it('for Sentinels', async () => {
    using folder = tempDir();
    const names = hostNames(folder);
    await using group = await SentinelGroup.start({ replicas: 0 });
    names.set({});
    const url = group.url().replaceAll('127.0.0.1', 'sentinel.test');
    await using ambassador = await Ambassador.start(url, ['--failover-hold', '0'], { env: names.env });
    await ambassador.program.waitForLog('Sentinel failing');
    names.set({ 'sentinel.test': '127.0.0.1' });
    await works(ambassador, 'sentinel');
  });
});
