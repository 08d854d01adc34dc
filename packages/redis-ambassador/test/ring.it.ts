import { eventually } from '@pod-patterns/kit/testing/eventually';
import { needs } from '@pod-patterns/kit/testing/needs';
import { RedisServer, redisServer } from '@pod-patterns/kit/testing/redis';
import { describe, expect, it } from 'vitest';
import { Ring } from '../src/topology/ring.ts';
import { readShards, Shards } from '../src/topology/ring-url.ts';
import { Ambassador } from './support/ambassador.ts';
import { markedTraffic, missingAt } from './support/marked-traffic.ts';
import { bulk, RawConnection } from './support/raw-connection.ts';
import { askPort } from './support/sentinel-group.ts';

/** Three servers and the URL of their ring. */
class Group implements AsyncDisposable {
  readonly servers: RedisServer[] = [];

  static async start(): Promise<Group> {
    const group = new Group();
    for (let index = 0; index < 3; index++) group.servers.push(await RedisServer.start());
    return group;
  }

  url(query = ''): string {
    return `redis-ring://${this.servers.map(({ port }) => `127.0.0.1:${port}`).join(',')}${query}`;
  }

  /** The first of these keys on the server. */
  keyOn(server: number, keys: readonly string[], query = ''): string {
    const source = readShards(this.url(query));
    if (!(source instanceof Shards)) throw new Error('no ring');
    const ring = new Ring(source.shards, source.rules);
    const key = keys.find((one) => ring.slotOf(Buffer.from(one), 0, one.length) === server);
    if (key === undefined) throw new Error('no key');
    return key;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.servers.map((server) => server[Symbol.asyncDispose]()));
  }
}

const keys = Array.from({ length: 200 }, (_, index) => `${index}:a key of some length`);

describe('a ring', needs(redisServer), () => {
  it('places each key like twemproxy, and lists the keys of all servers', async () => {
    await using group = await Group.start();
    await using ambassador = await Ambassador.start(group.url());
    using client = await RawConnection.open(ambassador.port);
    const [a, b, c] = [0, 1, 2].map((server) => group.keyOn(server, keys)) as [string, string, string];
    expect(await client.ask('MSET', a, '1', b, '2', c, '3')).toBe('+OK\r\n');
    for (const [index, key] of [a, b, c].entries()) {
      expect(await askPort(group.servers[index]?.port ?? 0, 'GET', key)).toBe(bulk(String(index + 1)));
    }
    expect(await client.ask('MGET', c, 'none', a, b)).toBe(
      `*4\r\n${bulk('3')}$-1\r\n${bulk('1')}${bulk('2')}`,
    );
    expect(await client.ask('DBSIZE')).toBe(':3\r\n');
    expect(await client.ask('DEL', a, b, 'none')).toBe(':2\r\n');
    expect(await client.ask('SUNION', b, c)).toMatch(/^-CROSSSLOT /);
    expect(await client.ask('SELECT', '3')).toBe('+OK\r\n');
    expect(await client.ask('EXISTS', c)).toBe(':0\r\n');
    expect(await client.ask('SELECT', '0')).toBe('+OK\r\n');
    const found = new Set<string>();
    let cursor = '0';
    do {
      const [, , next = '0', ...rest] = (await client.ask('SCAN', cursor)).split('\r\n');
      for (const one of rest.filter((text) => text.includes('key'))) found.add(one);
      cursor = next;
    } while (cursor !== '0');
    expect(found).toEqual(new Set([c]));
  });

  it('keeps keys with the same tag together, also in transactions', async () => {
    await using group = await Group.start();
    await using ambassador = await Ambassador.start(group.url('?hash_tag={}'));
    using client = await RawConnection.open(ambassador.port);
    expect(await client.ask('SADD', '{user1}a', 'x')).toBe(':1\r\n');
    expect(await client.ask('SADD', '{user1}b', 'y')).toBe(':1\r\n');
    expect(await client.ask('SUNION', '{user1}a', '{user1}b')).toMatch(/^\*2/);
    client.command('MULTI').command('SET', '{user1}c', '1').command('INCR', '{user1}c').command('EXEC');
    for (const reply of ['+OK\r\n', '+QUEUED\r\n', '+QUEUED\r\n', '*2\r\n+OK\r\n:2\r\n']) {
      expect(await client.reply()).toBe(reply);
    }
  });

  it('delivers messages between its clients, and blocks on the servers of the keys', async () => {
    await using group = await Group.start();
    await using ambassador = await Ambassador.start(group.url());
    using listener = await RawConnection.open(ambassador.port);
    using other = await RawConnection.open(ambassador.port);
    expect(await listener.ask('SUBSCRIBE', 'news', 'more')).toContain('subscribe');
    await listener.reply();
    for (const channel of ['news', 'more']) {
      expect(await other.ask('PUBLISH', channel, 'text')).toBe(':1\r\n');
      expect(await listener.reply()).toBe(`*3\r\n${bulk('message')}${bulk(channel)}${bulk('text')}`);
    }
    for (const server of [0, 1, 2]) {
      const key = group.keyOn(server, keys);
      const popped = other.ask('BLPOP', key, '10');
      await eventually(async () => {
        const clients = await askPort(group.servers[server]?.port ?? 0, 'INFO', 'clients');
        return clients.includes('blocked_clients:1');
      });
      expect(await askPort(ambassador.port, 'RPUSH', key, 'v')).toBe(':1\r\n');
      expect(await popped).toBe(`*2\r\n${bulk(key)}${bulk('v')}`);
    }
  });

  it('without one of its servers gives an error for the keys of that server, and serves the others', async () => {
    await using group = await Group.start();
    await using ambassador = await Ambassador.start(group.url(), ['--failover-hold', '200ms']);
    let isOver = false;
    const [dead, alive] = [0, 1].map((server) => group.keyOn(server, keys)) as [string, string];
    const clients = Promise.all(
      ['a', 'b', 'c'].map((name) =>
        markedTraffic({ port: ambassador.port, name, isOver: () => isOver, mayLose: true }),
      ),
    );
    using client = await RawConnection.open(ambassador.port);
    await eventually(async () => (await client.ask('SET', alive, 'x')) === '+OK\r\n');
    await group.servers[0]?.stop();
    await eventually(async () => (await client.ask('GET', dead)).startsWith('-LOADING '));
    client.command('GET', alive).command('GET', dead).command('PING').command('MGET', alive, dead);
    expect(await client.reply()).toBe(bulk('x'));
    expect(await client.reply()).toMatch(
      /^-LOADING redis-ambassador: upstream the ring is unavailable: connect E/,
    );
    expect(await client.reply()).toBe('+PONG\r\n');
    expect(await client.reply()).toMatch(/^-LOADING /);
    await group.servers[0]?.start();
    await eventually(async () => (await client.ask('GET', dead)) === '$-1\r\n');
    isOver = true;
    for (const tally of await clients) expect(tally.right).toBeGreaterThan(0);
  });

  it('ejects a failing server, and readmits it after a while', async () => {
    await using group = await Group.start();
    const query = '?auto_eject=1&retry_timeout=1500&failure_limit=2';
    await using ambassador = await Ambassador.start(group.url(query), ['--failover-hold', '0']);
    const key = group.keyOn(1, keys);
    using client = await RawConnection.open(ambassador.port);
    await eventually(async () => (await client.ask('SET', key, 'home')) === '+OK\r\n');
    await group.servers[1]?.stop();
    await eventually(async () => (await client.ask('SET', key, 'away')) === '+OK\r\n');
    const holders = [group.servers[0], group.servers[2]].map((server) =>
      askPort(server?.port ?? 0, 'GET', key),
    );
    expect(await Promise.all(holders)).toContain(bulk('away'));
    await group.servers[1]?.start();
    await eventually(async () => (await client.ask('GET', key)) === '$-1\r\n');
    expect(await client.ask('SET', key, 'home')).toBe('+OK\r\n');
    expect(await askPort(group.servers[1]?.port ?? 0, 'GET', key)).toBe(bulk('home'));
  });

  it('gives many clients all their replies in order', async () => {
    await using group = await Group.start();
    await using ambassador = await Ambassador.start(group.url());
    const tallies = await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) => {
        let rounds = 0;
        return markedTraffic({ port: ambassador.port, name, isOver: () => rounds++ > 60 });
      }),
    );
    for (const tally of tallies) {
      expect(tally.errors).toBe(0);
      expect(await missingAt(ambassador.port, tally.acknowledged)).toEqual([]);
    }
  });
});
