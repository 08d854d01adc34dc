import { eventually } from '@pod-patterns/kit/testing/eventually';
import { freePort } from '@pod-patterns/kit/testing/free-port';
import { needs } from '@pod-patterns/kit/testing/needs';
import { type RedisServer, redisServer } from '@pod-patterns/kit/testing/redis';
import { describe, expect, it } from 'vitest';
import { Ambassador } from './support/ambassador.ts';
import { ClusterGroup } from './support/cluster-group.ts';
import { bulk, RawConnection, request } from './support/raw-connection.ts';
import { askPort, SentinelGroup } from './support/sentinel-group.ts';

/** Number of executions of this command on a server. */
async function callsOf({ port }: RedisServer, command: string): Promise<number> {
  const stats = await askPort(port, 'INFO', 'commandstats');
  return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
}

async function callsOfAll(servers: readonly RedisServer[], command: string): Promise<number> {
  const calls = await Promise.all(servers.map((server) => callsOf(server, command)));
  return calls.reduce((sum, count) => sum + count, 0);
}

const readable = (ambassador: Ambassador) => ambassador.metric('redis_ambassador_readable_replicas');

/** Waits until the ambassador reads from this many replicas. */
function readsFrom(ambassador: Ambassador, count: number): Promise<unknown> {
  return eventually(async () => (await readable(ambassador)) === count, { timeoutMs: 60_000 });
}

const keys = Array.from({ length: 60 }, (_, index) => `key:${index}`);
const markOf = (key: string) => `is:${key}`;

/** Writes the test data, and waits until this many servers have it. */
async function store(ambassador: Ambassador, servers: readonly RedisServer[], copies: number): Promise<void> {
  using client = await RawConnection.open(ambassador.port);
  for (const key of keys) client.command('SET', key, markOf(key));
  for (const _ of keys) expect(await client.reply()).toBe('+OK\r\n');
  const sizeOf = async ({ port }: RedisServer) => Number((await askPort(port, 'DBSIZE')).slice(1));
  await eventually(async () => {
    const sizes = await Promise.all(servers.map(sizeOf));
    return sizes.reduce((sum, count) => sum + count, 0) === copies * keys.length;
  });
}

/** Reads in pipelines until `isOver`; any other value fails the test. Returns the number of correct replies. */
async function readOn(ambassador: Ambassador, isOver: () => boolean): Promise<number> {
  using client = await RawConnection.open(ambassador.port);
  let right = 0;
  while (!isOver()) {
    client.send(Buffer.concat(keys.map((key) => request('GET', key))));
    for (const key of keys) {
      expect(await client.reply(60_000)).toBe(bulk(markOf(key)));
      right++;
    }
  }
  return right;
}

/** Lets clients read during `event`. */
async function whileReading(ambassador: Ambassador, happen: () => Promise<unknown>): Promise<void> {
  let isOver = false;
  const readers = Promise.all([1, 2, 3, 4].map(() => readOn(ambassador, () => isOver)));
  await Promise.race([happen(), readers]);
  isOver = true;
  for (const right of await readers) expect(right).toBeGreaterThan(0);
}

const noReplica =
  /^-LOADING redis-ambassador: upstream \S.* is unavailable: no replica is fit for reads\r\n$/;

describe('reads behind Sentinels', needs(redisServer), () => {
  it('go to replicas, one per client; everything else goes to the primary', async () => {
    await using group = await SentinelGroup.start();
    const primary = await group.primary();
    const replicas = group.servers.filter((server) => server !== primary);
    await using ambassador = await Ambassador.start(group.url(), ['--read-from', 'replica']);
    await readsFrom(ambassador, 2);
    await store(ambassador, group.servers, 3);
    using client = await RawConnection.open(ambassador.port);
    const before = await callsOfAll(replicas, 'get');
    for (const key of keys) expect(await client.ask('GET', key)).toBe(bulk(markOf(key)));
    const [one = 0, other = 0] = await Promise.all(replicas.map((replica) => callsOf(replica, 'get')));
    expect([one + other - before, Math.min(one, other)]).toEqual([keys.length, 0]);
    // a client that watches, scans or is in a transaction must see its own writes
    await client.ask('WATCH', 'key:1');
    expect(await client.ask('GET', 'key:1')).toBe(bulk(markOf('key:1')));
    client.command('MULTI').command('SET', 'key:1', 'new').command('GET', 'key:1').command('EXEC');
    for (const reply of ['+OK\r\n', '+QUEUED\r\n', '+QUEUED\r\n', `*2\r\n+OK\r\n${bulk('new')}`]) {
      expect(await client.reply()).toBe(reply);
    }
    expect(await client.ask('EVAL_RO', "return redis.call('GET', KEYS[1])", '1', 'key:1')).toBe(bulk('new'));
    expect(await client.ask('BLPOP', 'none', '0.01')).toBe('*-1\r\n');
    expect(await client.ask('SSCAN', 'none', '0')).toBe('*2\r\n$1\r\n0\r\n*0\r\n');
    expect(await callsOf(primary, 'get')).toBe(3);
    for (const command of ['set', 'blpop', 'sscan', 'eval_ro', 'watch']) {
      expect([command, (await callsOf(primary, command)) > 0]).toEqual([command, true]);
    }
    expect(await callsOfAll(replicas, 'sscan')).toBe(0);
    await using plain = await Ambassador.start(group.url());
    expect(await askPort(plain.port, 'GET', 'key:2')).toBe(bulk(markOf('key:2')));
    expect(await callsOf(primary, 'get')).toBe(4);
    expect(await ambassador.metric('redis_ambassador_upstream_up{node="primary"}')).toBe(1);
  });

  it('get large replies from replicas, in order with writes to the primary', async () => {
    await using group = await SentinelGroup.start({ replicas: 1 });
    const primary = await group.primary();
    await using ambassador = await Ambassador.start(group.url(), [
      '--read-from',
      'replica',
      '--max-unread',
      '16MiB',
    ]);
    await readsFrom(ambassador, 1);
    const large = 'x'.repeat(3_000_000);
    await askPort(primary.port, 'SET', 'large', large);
    for (const { port } of group.servers) {
      await eventually(async () => (await askPort(port, 'EXISTS', 'large')) === ':1\r\n');
    }
    using client = await RawConnection.open(ambassador.port);
    for (let round = 0; round < 4; round++) {
      client.command('GET', 'large').command('SET', 'small', String(round)).command('GET', 'large');
      client.command('INCR', `count:${round}`);
      for (const reply of [bulk(large), '+OK\r\n', bulk(large), ':1\r\n']) {
        expect(await client.reply(60_000)).toBe(reply);
      }
    }
    expect(await callsOf(primary, 'get')).toBe(0);
  });

  it('avoid a replica that is cut off from its primary: they go to the primary if allowed, or fail', async () => {
    await using group = await SentinelGroup.start();
    const primary = await group.primary();
    const replicas = group.servers.filter((server) => server !== primary);
    const hold = ['--failover-hold', '300ms'];
    await using prefers = await Ambassador.start(group.url(), ['--read-from', 'prefer-replica', ...hold]);
    await using insists = await Ambassador.start(group.url(), ['--read-from', 'replica', ...hold]);
    await Promise.all([readsFrom(prefers, 2), readsFrom(insists, 2)]);
    await store(prefers, group.servers, 3);
    for (const sentinel of group.sentinels) await sentinel.stop();
    const nowhere = String(await freePort());
    for (const { port } of replicas) await askPort(port, 'REPLICAOF', '127.0.0.1', nowhere);
    await Promise.all([readsFrom(prefers, 0), readsFrom(insists, 0)]);
    await askPort(primary.port, 'SET', 'key:1', 'newer');
    expect(await askPort(prefers.port, 'GET', 'key:1')).toBe(bulk('newer'));
    using client = await RawConnection.open(insists.port);
    client.command('GET', 'key:1').command('SET', 'key:2', 'set').command('MGET', 'key:1');
    expect(await client.reply()).toMatch(noReplica);
    expect(await client.reply()).toBe('+OK\r\n');
    expect(await client.reply()).toMatch(noReplica);
    for (const { port } of replicas) await askPort(port, 'REPLICAOF', '127.0.0.1', String(primary.port));
    await Promise.all([readsFrom(prefers, 2), readsFrom(insists, 2)]);
    await eventually(async () => (await client.ask('GET', 'key:1')) === bulk('newer'));
  });

  it('avoid a replica beyond --max-staleness', async () => {
    await using group = await SentinelGroup.start({ redisArgs: ['--repl-ping-replica-period', '1'] });
    const primary = await group.primary();
    await using ambassador = await Ambassador.start(group.url(), [
      ...['--read-from', 'replica', '--max-staleness', '6s', '--failover-hold', '0'],
    ]);
    await readsFrom(ambassador, 2);
    await store(ambassador, group.servers, 3);
    process.kill(primary.pid, 'SIGSTOP');
    try {
      // until then they are still used
      expect(await askPort(ambassador.port, 'GET', 'key:1')).toBe(bulk(markOf('key:1')));
      await readsFrom(ambassador, 0);
      expect(await askPort(ambassador.port, 'GET', 'key:1')).toMatch(noReplica);
    } finally {
      process.kill(primary.pid, 'SIGCONT');
    }
    await readsFrom(ambassador, 2);
    expect(await askPort(ambassador.port, 'GET', 'key:1')).toBe(bulk(markOf('key:1')));
  });

  it('continue without an error when a replica dies, and when the primary changes', async () => {
    await using group = await SentinelGroup.start();
    const primary = await group.primary();
    const [replica] = group.servers.filter((server) => server !== primary);
    await using ambassador = await Ambassador.start(group.url(), ['--read-from', 'replica']);
    await readsFrom(ambassador, 2);
    await store(ambassador, group.servers, 3);
    await whileReading(ambassador, async () => {
      await replica?.stop();
      await readsFrom(ambassador, 1);
      await replica?.start();
      await readsFrom(ambassador, 2);
    });
    await whileReading(ambassador, async () => {
      await group.failOver();
      await group.switchedFrom(primary);
      await eventually(async () => (await ambassador.metric('redis_ambassador_failovers_total')) === 1);
      await readsFrom(ambassador, 2);
    });
  });
});

describe('reads in a Cluster', needs(redisServer), () => {
  it('go to replicas of the primaries with the keys, also when split', async () => {
    await using group = await ClusterGroup.start();
    const primaries = group.servers.slice(0, 3);
    const replicas = group.servers.slice(3);
    await using ambassador = await Ambassador.start(group.url(), ['--read-from', 'replica']);
    await readsFrom(ambassador, 3);
    await store(ambassador, group.servers, 2);
    using client = await RawConnection.open(ambassador.port);
    for (const key of keys) client.command('GET', key);
    for (const key of keys) expect(await client.reply()).toBe(bulk(markOf(key)));
    expect(await client.ask('MGET', ...keys)).toBe(
      `*${keys.length}\r\n${keys.map((key) => bulk(markOf(key))).join('')}`,
    );
    expect([await callsOfAll(primaries, 'get'), await callsOfAll(primaries, 'mget')]).toEqual([0, 0]);
    expect(await callsOfAll(replicas, 'get')).toBe(keys.length);
    expect(await ambassador.metric('redis_ambassador_redirects_total{kind="moved"}')).toBe(0);
    await client.ask('WATCH', 'key:1');
    expect(await client.ask('GET', 'key:1')).toBe(bulk(markOf('key:1')));
    expect(await callsOfAll(primaries, 'get')).toBe(1);
  });

  it('go to the primary if its replica is lost or cut off, and to replicas again after a failover', async () => {
    await using group = await ClusterGroup.start();
    const [first, second] = group.servers.slice(3);
    await using ambassador = await Ambassador.start(group.url(), ['--read-from', 'prefer-replica']);
    await readsFrom(ambassador, 3);
    await store(ambassador, group.servers, 2);
    await whileReading(ambassador, async () => {
      await first?.stop();
      await readsFrom(ambassador, 2);
      await first?.start();
      await readsFrom(ambassador, 3);
    });
    await whileReading(ambassador, async () => {
      if (second === undefined) return;
      await group.failOverTo(second, 5462); // the first slot of the second primary
      await eventually(async () => (await ambassador.metric('redis_ambassador_failovers_total')) === 1);
      await readsFrom(ambassador, 3);
    });
    const calls = await callsOf(second as RedisServer, 'get'); // there are three replicas
    using client = await RawConnection.open(ambassador.port);
    for (const key of keys) expect(await client.ask('GET', key)).toBe(bulk(markOf(key)));
    expect(await callsOf(second as RedisServer, 'get')).toBe(calls);
  });
});

it('--read-from without Sentinels or a Cluster is refused with exit code 2', async () => {
  await expect(Ambassador.start(1, ['--read-from', 'replica'])).rejects.toThrow(
    /--read-from replica: needs Sentinels or a Cluster, which name the replicas/,
  );
});
