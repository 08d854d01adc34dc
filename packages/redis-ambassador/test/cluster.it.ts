import { eventually } from '@pod-patterns/kit/testing/eventually';
import { freePort } from '@pod-patterns/kit/testing/free-port';
import { needs } from '@pod-patterns/kit/testing/needs';
import { type RedisServer, redisServer } from '@pod-patterns/kit/testing/redis';
import { describe, expect, it } from 'vitest';
import { keySlot } from '../src/topology/key-slot.ts';
import { Ambassador } from './support/ambassador.ts';
import { ClusterGroup } from './support/cluster-group.ts';
import { markedTraffic, missingAt, type Tally } from './support/marked-traffic.ts';
import { bulk, RawConnection } from './support/raw-connection.ts';
import { askPort } from './support/sentinel-group.ts';

const slotOf = (key: string) => keySlot(Buffer.from(key), 0, key.length);

/** Clients that write and read during a change of the Cluster: some on all keys, one in each of these slots. */
async function during(
  ambassador: Ambassador,
  happen: () => Promise<void>,
  { slots = [], mayLose = false }: { slots?: readonly number[]; mayLose?: boolean } = {},
): Promise<Tally[]> {
  let isOver = false;
  const tallies = Promise.all(
    [...['', '', ''], ...slots.map((slot) => `{${keysInSlot(slot, 1)[0]}}`)].map((tag, index) =>
      markedTraffic({
        port: ambassador.port,
        name: `client${index}${tag}`,
        isOver: () => isOver,
        mayLose,
      }),
    ),
  );
  // the first failure is the reason
  await Promise.race([happen(), tallies]);
  isOver = true;
  return tallies;
}

async function writeSome(ambassador: Ambassador, name: string): Promise<Tally> {
  let rounds = 0;
  return markedTraffic({ port: ambassador.port, name, isOver: () => rounds++ > 20 });
}

function keysInSlot(slot: number, count: number): string[] {
  const keys: string[] = [];
  for (let index = 0; keys.length < count; index++) {
    if (slotOf(`key:${index}`) === slot) keys.push(`key:${index}`);
  }
  return keys;
}

/** A live replica of this primary. */
async function replicaOf(group: ClusterGroup, primary: RedisServer): Promise<RedisServer> {
  const id = await group.idOf(primary);
  const lines = (await group.ask(primary, 'CLUSTER', 'NODES')).split('\n');
  const line = lines.find((one) => one.includes(` slave ${id} `));
  const port = Number(/:(\d+)@/.exec(line ?? '')?.[1]);
  const replica = group.servers.find((one) => one.port === port);
  if (replica === undefined) throw new Error('no replica');
  return replica;
}

describe('a Cluster', needs(redisServer), () => {
  it('moves slots while clients write, without an error or a lost write', async () => {
    await using group = await ClusterGroup.start({ replicas: 0 });
    await using ambassador = await Ambassador.start(group.url());
    const [from, to] = group.servers;
    if (from === undefined || to === undefined) throw new Error('no servers');
    const slots = [0, 1, 2, 3];
    const tallies = await during(
      ambassador,
      async () => {
        for (const slot of slots) {
          await group.beginMove(slot, from, to);
          while (await group.moveKeys(slot, from, to, 5));
          await group.endMove(slot, to);
        }
      },
      { slots },
    );
    for (const tally of tallies) {
      expect(tally.errors).toBe(0);
      expect(await missingAt(ambassador.port, tally.acknowledged)).toEqual([]);
    }
    expect(await ambassador.metric('redis_ambassador_redirects_total{kind="moved"}')).toBeGreaterThan(0);
  });

  it.each(['ip', 'unknown-endpoint'])(
    'with a half-moved slot and nodes that report their %s, finds each key and holds requests of several keys until these are together',
    async (type) => {
      const redisArgs = ['--cluster-preferred-endpoint-type', type];
      await using group = await ClusterGroup.start({ replicas: 0, redisArgs });
      await using ambassador = await Ambassador.start(group.url(), ['--failover-hold', '5s']);
      const slot = 500;
      const [moved = '', stays = '', late = ''] = keysInSlot(slot, 3);
      const from = await group.ownerOf(slot);
      const to = group.servers.find((one) => one !== from) ?? from;
      using client = await RawConnection.open(ambassador.port);
      await eventually(async () => (await client.ask('SET', moved, 'moved')) === '+OK\r\n');
      await group.beginMove(slot, from, to);
      while (await group.moveKeys(slot, from, to));
      await client.ask('SET', stays, 'new');
      // a new key is created on the importing node; this one on the exporting node
      expect(await group.ask(from, 'GET', stays)).toMatch(/^-ASK/);
      expect(await client.ask('GET', moved)).toBe(bulk('moved'));
      // Redis answers TRYAGAIN, because one of these keys may still be moving
      client.command('MGET', moved, stays, late).command('SET', late, 'late').command('GET', late);
      await client.settle(1, 300);
      expect(client.frames).toEqual([]);
      await group.endMove(slot, to);
      expect(await client.reply()).toBe(`*3\r\n${bulk('moved')}${bulk('new')}$-1\r\n`);
      expect(await client.reply()).toBe('+OK\r\n');
      expect(await client.reply()).toBe(bulk('late'));
      expect(await ambassador.metric('redis_ambassador_redirects_total{kind="ask"}')).toBeGreaterThan(0);
    },
  );

  it('fails over by command without an error or a lost write', async () => {
    await using group = await ClusterGroup.start();
    await using ambassador = await Ambassador.start(group.url(), [
      '--failover-hold',
      '10s',
      '--timeout',
      '10s',
    ]);
    const primary = await group.ownerOf(0);
    const replica = await replicaOf(group, primary);
    await writeSome(ambassador, 'before');
    await eventually(async () => {
      const { topology } = await ambassador.admin<{ topology: { nodes: unknown[] } }>('/status');
      return topology.nodes.length === 6;
    });
    const tallies = await during(ambassador, async () => {
      await group.failOverTo(replica, 0);
      await writeSome(ambassador, 'after');
    });
    for (const tally of tallies) {
      expect(tally.errors).toBe(0);
      expect(await missingAt(ambassador.port, tally.acknowledged)).toEqual([]);
    }
    await eventually(async () => (await ambassador.metric('redis_ambassador_failovers_total')) === 1);
  });

  it.each<[string, (server: RedisServer) => unknown]>([
    ['killed', (server) => server.stop('SIGKILL')],
    ['frozen', ({ pid }) => process.kill(pid, 'SIGSTOP')],
  ])('whose primary is %s gives no wrong reply, and the replica takes over', async (_, end) => {
    await using group = await ClusterGroup.start();
    await using ambassador = await Ambassador.start(group.url(), [
      '--failover-hold',
      '10s',
      '--timeout',
      '10s',
    ]);
    const safe = await writeSome(ambassador, 'safe');
    const primary = await group.ownerOf(0);
    await group.replicated();
    let late: Tally | undefined;
    const happen = async () => {
      await end(primary);
      const others = group.servers.filter((server) => server !== primary);
      await eventually(async () => {
        for (const server of others) {
          const nodes = await group.ask(server, 'CLUSTER', 'INFO');
          if (!nodes.includes('cluster_slots_ok:16384')) return false;
        }
        return true;
      });
      await eventually(async () => (await askPort(ambassador.port, 'SET', 'probe', '1')) === '+OK\r\n');
      late = await writeSome(ambassador, 'late');
    };
    const tallies = await during(ambassador, happen, { mayLose: true });
    for (const tally of tallies) expect(tally.right).toBeGreaterThan(0);
    expect(await missingAt(ambassador.port, safe.acknowledged)).toEqual([]);
    expect(await missingAt(ambassador.port, late?.acknowledged ?? new Map([['none', '']]))).toEqual([]);
    await eventually(async () => (await ambassador.metric('redis_ambassador_in_flight')) === 0);
  });

  it('without one of its nodes gives a clear error in time for the keys of that node, and serves the others', async () => {
    await using group = await ClusterGroup.start({ replicas: 0 });
    await using ambassador = await Ambassador.start(group.url(), ['--failover-hold', '300ms']);
    const lost = await group.ownerOf(0);
    const [away = ''] = keysInSlot(0, 1);
    const [here = ''] = keysInSlot(16_383, 1);
    await eventually(async () => (await askPort(ambassador.port, 'SET', away, '1')) === '+OK\r\n');
    await lost.stop();
    using client = await RawConnection.open(ambassador.port);
    await eventually(async () => (await client.ask('GET', away)).startsWith('-LOADING redis-ambassador: '));
    // in one pipeline and in order
    client.command('SET', here, 'x').command('GET', away).command('GET', here);
    expect(await client.reply()).toBe('+OK\r\n');
    const error = await client.reply();
    expect(error).toMatch(/^-LOADING redis-ambassador: upstream the Cluster is unavailable: /);
    expect(error).not.toMatch(/127\.0\.0\.1|:\d{4,5}/);
    expect(await client.reply()).toBe(bulk('x'));
  });

  it.each(['ip', 'unknown-endpoint'])(
    'moves watched keys without revealing an address (%s), and the client continues after UNWATCH',
    async (type) => {
      const redisArgs = ['--cluster-preferred-endpoint-type', type];
      await using group = await ClusterGroup.start({ replicas: 0, redisArgs });
      await using ambassador = await Ambassador.start(group.url());
      const slot = 500;
      const [key = ''] = keysInSlot(slot, 1);
      const from = await group.ownerOf(slot);
      const to = group.servers.find((one) => one !== from) ?? from;
      using client = await RawConnection.open(ambassador.port);
      await eventually(async () => (await client.ask('SET', key, 'value')) === '+OK\r\n');
      expect(await client.ask('WATCH', key)).toBe('+OK\r\n');
      await group.beginMove(slot, from, to);
      while (await group.moveKeys(slot, from, to));
      const asking = await client.ask('GET', key);
      expect(asking).toMatch(/^-TRYAGAIN redis-ambassador: /);
      expect(asking).not.toMatch(/127\.0\.0\.1|:\d{4,5}/);
      await group.endMove(slot, to);
      // until the ambassador has learned their nodes
      const moved = await client.ask('GET', key);
      if (moved !== bulk('value')) expect(moved).toBe(asking);
      expect(await client.ask('UNWATCH')).toBe('+OK\r\n');
      expect(await client.ask('GET', key)).toBe(bulk('value'));
    },
  );

  it('is found through a single live seed, and serves the slots of a new node', async () => {
    await using group = await ClusterGroup.start({ replicas: 0 });
    const dead = await Promise.all([freePort(), freePort()]);
    const [seed] = group.servers;
    await using ambassador = await Ambassador.start(group.url([...dead, seed?.port ?? 0]));
    const added = await group.addServer();
    await group.meet(added);
    await group.joined(added);
    const from = await group.ownerOf(16_383);
    const slots = [16_382, 16_383];
    const tallies = await during(
      ambassador,
      async () => {
        for (const slot of slots) {
          await group.beginMove(slot, from, added);
          while (await group.moveKeys(slot, from, added));
          await group.endMove(slot, added);
        }
        await writeSome(ambassador, 'after');
      },
      { slots },
    );
    for (const tally of tallies) {
      expect(tally.errors).toBe(0);
      expect(await missingAt(ambassador.port, tally.acknowledged)).toEqual([]);
    }
    const [key = ''] = keysInSlot(16_383, 1);
    expect(await askPort(ambassador.port, 'SET', key, 'there')).toBe('+OK\r\n');
    expect(await group.ask(added, 'GET', key)).toBe(bulk('there'));
  });
});
