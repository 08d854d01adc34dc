import { eventually } from '@pod-patterns/kit/testing/eventually';
import { freePort } from '@pod-patterns/kit/testing/free-port';
import { needs } from '@pod-patterns/kit/testing/needs';
import { type RedisServer, redisServer } from '@pod-patterns/kit/testing/redis';
import { describe, expect, it } from 'vitest';
import { Ambassador } from './support/ambassador.ts';
import { markedTraffic, missingAt, type Tally } from './support/marked-traffic.ts';
import { RawConnection } from './support/raw-connection.ts';
import { askPort, SentinelGroup } from './support/sentinel-group.ts';

interface Status {
  readonly topology: {
    readonly kind: string;
    readonly nodes: ReadonlyArray<{ address: string; role: string; state: string }>;
  };
}

/** Lets clients write for a while, then checks that all writes reached a replica. */
async function writeSafely(ambassador: Ambassador, name: string): Promise<Tally> {
  let rounds = 0;
  const tally = await markedTraffic({ port: ambassador.port, name, isOver: () => rounds++ > 30 });
  expect(tally.errors).toBe(0);
  // of another connection, and so about nothing, if asked there
  expect(await askPort(ambassador.port, 'WAIT', '1', '30000')).toMatch(/^:[12]/);
  return tally;
}

/** Fault of the primary, and its return. */
interface Failover {
  readonly name: string;
  readonly begin: (group: SentinelGroup, primary: RedisServer) => unknown;
  readonly end: (primary: RedisServer) => unknown;
}

const failovers: readonly Failover[] = [
  { name: 'by command', begin: (group) => group.failOver(), end: () => {} },
  {
    name: 'as the primary is killed',
    begin: (_, primary) => primary.stop('SIGKILL'),
    end: (primary) => primary.start(),
  },
  {
    name: 'as the primary is frozen',
    begin: (_, { pid }) => process.kill(pid, 'SIGSTOP'),
    end: ({ pid }) => process.kill(pid, 'SIGCONT'),
  },
];

describe('a primary behind Sentinels', needs(redisServer), () => {
  it.each(failovers)(
    'fails over $name without a wrong reply or the loss of a write that Redis kept, and service continues',
    async ({ begin, end }) => {
      await using group = await SentinelGroup.start();
      await using ambassador = await Ambassador.start(group.url(), [
        '--timeout',
        '10s',
        '--failover-hold',
        '10s',
      ]);
      const before = await group.primary();
      const safe = await writeSafely(ambassador, 'before');
      let isOver = false;
      const clients = Array.from({ length: 8 }, (_, index) =>
        markedTraffic({
          port: ambassador.port,
          name: `client${index}`,
          isOver: () => isOver,
          mayLose: true,
        }),
      );
      using blocked = await RawConnection.open(ambassador.port);
      using subscriber = await RawConnection.open(ambassador.port);
      await subscriber.ask('SUBSCRIBE', 'news');
      blocked.command('BLPOP', 'nothing', '0');
      await eventually(async () =>
        (await askPort(before.port, 'INFO', 'clients')).includes('blocked_clients:1'),
      );
      await begin(group, before);
      await group.setPatience(500);
      const after = await group.switchedFrom(before);
      // even a slow machine causes no second failover
      await group.setPatience(60_000);
      // clients blocked on the old primary are disconnected, like by Redis
      await Promise.all([blocked.closed(30_000), subscriber.closed(30_000)]);
      const probe = await eventually(async () => {
        const reply = await askPort(ambassador.port, 'SET', 'probe', 'here');
        return reply === '+OK\r\n' && (await askPort(after.port, 'GET', 'probe')) === '$4\r\nhere\r\n';
      });
      expect(probe).toBe(true);
      const late = await writeSafely(ambassador, 'after');
      isOver = true;
      for (const tally of await Promise.all(clients)) expect(tally.right).toBeGreaterThan(0);
      expect(await missingAt(after.port, safe.acknowledged)).toEqual([]);
      expect(await missingAt(after.port, late.acknowledged)).toEqual([]);
      // the old primary is back and still acts as one until a Sentinel demotes it
      await end(before);
      const later = await writeSafely(ambassador, 'later');
      expect(await missingAt(after.port, later.acknowledged)).toEqual([]);
      expect(await ambassador.metric('redis_ambassador_failovers_total')).toBe(1);
      expect(await ambassador.metric('redis_ambassador_upstream_up')).toBe(1);
      // health checks take place in between
      await eventually(async () => (await ambassador.metric('redis_ambassador_in_flight')) === 0);
    },
  );

  it('is found through Sentinels outside the URL once another Sentinel has named them', async () => {
    await using group = await SentinelGroup.start({ name: 'orders' });
    const dead = await freePort();
    const [seed] = group.sentinels;
    await using ambassador = await Ambassador.start(
      `redis-sentinel://127.0.0.1:${dead},127.0.0.1:${seed?.port}/orders`,
    );
    await eventually(async () => (await askPort(ambassador.port, 'SET', 'a', '1')) === '+OK\r\n');
    await eventually(
      async () => (await ambassador.metric('redis_ambassador_topology_refreshes_total{result="ok"}')) > 3,
    );
    const before = await group.primary();
    await seed?.stop();
    await before.stop();
    await group.setPatience(500);
    const hasTheNew = async () => {
      const { topology } = await ambassador.admin<Status>('/status');
      const [primary] = topology.nodes;
      return primary?.address !== `127.0.0.1:${before.port}` && primary?.state === 'up';
    };
    await eventually(hasTheNew, { timeoutMs: 60_000 });
    expect(await askPort(ambassador.port, 'SET', 'a', '2')).toBe('+OK\r\n');
  });

  it('is shown in /status with its replicas', async () => {
    await using group = await SentinelGroup.start();
    await using ambassador = await Ambassador.start(group.url());
    const primary = await group.primary();
    const { topology } = await eventually(async () => {
      const status = await ambassador.admin<Status>('/status');
      return status.topology.nodes.length === 3 && status.topology.nodes[0]?.state === 'up'
        ? status
        : undefined;
    });
    expect(topology.kind).toBe('sentinel');
    expect(topology.nodes.map(({ role, state }) => [role, state])).toEqual([
      ['master', 'up'],
      ['slave', 'up'],
      ['slave', 'up'],
    ]);
    expect(topology.nodes[0]?.address).toBe(`127.0.0.1:${primary.port}`);
  });

  it('and its Sentinels have separate logins, and the database is that of the URL', async () => {
    await using group = await SentinelGroup.start({
      redisArgs: ['--requirepass', 'secret', '--masterauth', 'secret'],
      sentinelLines: [
        'sentinel auth-pass mymaster secret',
        'requirepass watched',
        'sentinel sentinel-pass watched',
      ],
      sentinelLogin: 'watched',
    });
    await using ambassador = await Ambassador.start(
      group.url({ login: ':secret@', query: '?db=3&sentinel_password=watched' }),
    );
    await eventually(async () => (await askPort(ambassador.port, 'SET', 'a', '1')) === '+OK\r\n');
    using direct = await RawConnection.open((await group.primary()).port);
    await direct.ask('AUTH', 'secret');
    await direct.ask('SELECT', '3');
    expect(await direct.ask('GET', 'a')).toBe('$1\r\n1\r\n');
  });

  it('that refuses writes for a while delays them and later requests, and no address is revealed', async () => {
    await using group = await SentinelGroup.start({ replicas: 1 });
    await using ambassador = await Ambassador.start(group.url(), [
      '--failover-hold',
      '5s',
      '--timeout',
      '10s',
    ]);
    using client = await RawConnection.open(ambassador.port);
    await eventually(async () => (await client.ask('SET', 'a', '1')) === '+OK\r\n');
    const primary = await group.primary();
    const replica = group.servers.find((one) => one !== primary);
    expect(await client.ask('ROLE')).toMatch(/^\*3\r\n\$6\r\nmaster\r\n:\d+\r\n\*0\r\n$/);
    expect(await client.ask('INFO', 'replication')).toMatch(
      /role:master\r\nconnected_slaves:1\r\n(?!slave0)/,
    );
    for (const sentinel of group.sentinels) await sentinel.stop();
    await askPort(primary.port, 'REPLICAOF', '127.0.0.1', String(replica?.port));
    client.command('PING').command('SET', 'a', '2').command('GET', 'a').command('ECHO', 'behind');
    expect(await client.reply()).toBe('+PONG\r\n');
    await client.settle(1, 300);
    expect(client.frames).toEqual([]);
    await askPort(primary.port, 'REPLICAOF', 'NO', 'ONE');
    expect(await client.reply()).toBe('+OK\r\n');
    expect(await client.reply()).toBe('$1\r\n2\r\n');
    expect(await client.reply()).toBe('$6\r\nbehind\r\n');
  });

  it('unknown to all Sentinels causes a clear error, and clients are served once a Sentinel knows it', async () => {
    await using group = await SentinelGroup.start();
    const url = group.url().replace(/mymaster$/, 'other');
    await using ambassador = await Ambassador.start(url, ['--failover-hold', '0']);
    expect(await askPort(ambassador.port, 'GET', 'a')).toBe(
      '-LOADING redis-ambassador: upstream other is unavailable: no Sentinel has named its primary\r\n',
    );
    for (const { port } of group.sentinels) {
      await askPort(
        port,
        'SENTINEL',
        'MONITOR',
        'other',
        '127.0.0.1',
        String((await group.primary()).port),
        '2',
      );
    }
    await eventually(async () => (await askPort(ambassador.port, 'GET', 'a')) === '$-1\r\n');
  });

  it('is not used if its server reports that it is a replica', async () => {
    await using group = await SentinelGroup.start({ replicas: 1 });
    const primary = await group.primary();
    const replica = group.servers.find((one) => one !== primary);
    for (const { port } of group.sentinels) {
      await askPort(port, 'SENTINEL', 'MONITOR', 'wrong', '127.0.0.1', String(replica?.port), '3');
    }
    await using ambassador = await Ambassador.start(group.url().replace(/mymaster$/, 'wrong'), [
      '--failover-hold',
      '300ms',
    ]);
    await eventually(async () =>
      (await askPort(ambassador.port, 'GET', 'a')).includes('not a primary: its role is slave'),
    );
    expect(
      await ambassador.metric('redis_ambassador_connect_failures_total{reason="not-primary"}'),
    ).toBeGreaterThan(0);
  });
});
