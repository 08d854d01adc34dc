import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { needs } from '@pod-patterns/kit/testing/needs';
import { RedisServer, redisServer } from '@pod-patterns/kit/testing/redis';
import { describe, expect, it } from 'vitest';
import { Ambassador } from './support/ambassador.ts';
import { FakeRedis } from './support/fake-redis.ts';
import { RawConnection } from './support/raw-connection.ts';

const linux = { name: 'Linux', isMet: process.platform === 'linux' };

/** A network between the ambassador and Redis that can silently drop a connection. */
class Network implements AsyncDisposable {
  readonly port: number;
  readonly #server;
  readonly #pairs: Array<{ readonly ends: readonly [Socket, Socket]; passed: string; isDropped: boolean }> =
    [];

  private constructor(server: ReturnType<typeof createServer>, to: number) {
    this.#server = server.on('connection', (near) => this.#join(near, connect(to, '127.0.0.1')));
    this.port = (server.address() as AddressInfo).port; // a listening TCP server has one
  }

  static async to(port: number): Promise<Network> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Network(server, port);
  }

  #join(near: Socket, far: Socket): void {
    const pair = { ends: [near, far] as const, passed: '', isDropped: false };
    this.#pairs.push(pair);
    near.on('data', (bytes) => {
      pair.passed += bytes.toString('latin1');
      if (!pair.isDropped) far.write(bytes);
    });
    far.on('data', (bytes) => {
      if (!pair.isDropped) near.write(bytes);
    });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('error', () => {}).on('close', () => pair.isDropped || to.destroy());
    }
  }

  /** Drops the connections that carried this text; returns their number. */
  drop(words: string): number {
    const found = this.#pairs.filter(({ passed }) => passed.includes(words));
    for (const pair of found) pair.isDropped = true;
    return found.length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { ends } of this.#pairs) for (const end of ends) end.destroy();
    await once(this.#server.close(), 'close');
  }
}

describe.concurrent('on a network that drops idle connections', needs(redisServer), () => {
  it.each([2, 3] as const)(
    'a silently dropped subscription closes the client’s connection, and the client can subscribe again, RESP%i',
    async (protocol) => {
      await using redis = await RedisServer.start();
      await using network = await Network.to(redis.port);
      await using ambassador = await Ambassador.start(network.port, ['--timeout', '3s']);
      using bystander = await RawConnection.open(ambassador.port);
      using client = await RawConnection.open(ambassador.port);
      const subscribe = async (one: RawConnection) => {
        await one.ask('HELLO', String(protocol));
        expect(await one.ask('SUBSCRIBE', 'news')).toMatch(/subscribe\r\n\$4\r\nnews\r\n:1\r\n$/);
      };
      await subscribe(client);
      expect(network.drop('SUBSCRIBE')).toBe(1);
      await client.closed(45_000);
      expect(client.frames).toEqual([]);
      using again = await RawConnection.open(ambassador.port);
      await subscribe(again);
      expect(await bystander.ask('PUBLISH', 'news', 'hello')).toMatch(/^:/);
      expect(await again.reply()).toContain('hello');
    },
  );

  it('PINGs keep a subscription alive, and the client never sees them', async () => {
    await using redis = await RedisServer.start();
    await using ambassador = await Ambassador.start(redis.port, ['--timeout', '3s']);
    using direct = await RawConnection.open(redis.port);
    const subscribers = await Promise.all([2, 3].map(() => RawConnection.open(ambassador.port)));
    for (const [index, one] of subscribers.entries()) {
      await one.ask('HELLO', String(index + 2));
      await one.ask('SUBSCRIBE', 'news');
    }
    const list = () => direct.ask('CLIENT', 'LIST', 'TYPE', 'PUBSUB');
    await eventually(async () => (await list()).match(/cmd=ping/g)?.length === 2, { timeoutMs: 45_000 });
    await direct.ask('PUBLISH', 'news', 'hello');
    for (const one of subscribers) {
      expect(await one.reply()).toContain('hello');
      expect(one.frames).toEqual([]);
      expect(one.isClosed).toBe(false);
    }
  });

  it('PINGs also keep the connection of a watching client alive, but never between CLIENT CACHING and the next command', async () => {
    const asked = new Set<Socket>();
    const halfway = new Set<Socket>();
    await using upstream = await FakeRedis.start(([name, argument], socket) => {
      if (argument === 'CACHING') halfway.add(socket);
      if (name !== 'PING') return '+OK\r\n';
      if (argument === undefined) return undefined;
      asked.add(socket);
      return `$${argument.length}\r\n${argument}\r\n`;
    });
    await using ambassador = await Ambassador.start(upstream.port);
    using tracker = await RawConnection.open(ambassador.port);
    expect(await tracker.ask('CLIENT', 'TRACKING', 'ON', 'OPTIN')).toBe('+OK\r\n');
    expect(await tracker.ask('CLIENT', 'CACHING', 'YES')).toBe('+OK\r\n');
    using watcher = await RawConnection.open(ambassador.port);
    expect(await watcher.ask('WATCH', 'a')).toBe('+OK\r\n');
    // the connection with the longer silence would get its PING first
    await eventually(() => asked.size > 0, { timeoutMs: 45_000 });
    expect([halfway.size, halfway.isDisjointFrom(asked)]).toEqual([1, true]);
  });

  it('a command that blocks forever on a dropped connection closes the client’s connection', async () => {
    await using redis = await RedisServer.start();
    await using network = await Network.to(redis.port);
    await using ambassador = await Ambassador.start(network.port, ['--timeout', '3s']);
    using client = await RawConnection.open(ambassador.port);
    expect(await client.ask('BLPOP', 'queue', '0.01')).toBe('*-1\r\n');
    expect(network.drop('BLPOP')).toBe(1);
    // long enough that the ambassador needs a PING to consider it alive
    await delay(1500);
    client.command('BLPOP', 'queue', '0');
    await client.closed(45_000);
    expect(client.frames).toEqual([]);
  });

  it('the connection of a blocked command has a TCP keep-alive due within 5 s', needs(linux), async () => {
    await using redis = await RedisServer.start();
    await using ambassador = await Ambassador.start(redis.port);
    using client = await RawConnection.open(ambassador.port);
    client.command('BLPOP', 'queue', '0');
    await eventually(async () => (await ambassador.metric('redis_ambassador_links{kind="dedicated"}')) === 1);
    const timers = await eventually(async () => {
      const found = await timersTo(redis.port);
      // 1 is the retransmission timer; 2 is the keep-alive
      return found.length === 3 && found.every(({ kind }) => kind === 2) ? found : undefined;
    });
    for (const { dueMs } of timers) expect(dueMs).toBeLessThanOrEqual(5000);
  });
});

/** The kernel's timers of local connections to a port. */
async function timersTo(port: number): Promise<Array<{ kind: number; dueMs: number }>> {
  const rows = (await readFile('/proc/net/tcp', 'latin1')).split('\n').slice(1);
  return rows.flatMap((row) => {
    const [, , remote, state, , timer] = row.trim().split(/\s+/);
    const isOurs = remote?.endsWith(`:${port.toString(16).toUpperCase().padStart(4, '0')}`) && state === '01';
    if (!isOurs || timer === undefined) return [];
    const [kind = '', due = ''] = timer.split(':');
    // in hundredths of a second
    return [{ kind: Number.parseInt(kind, 16), dueMs: Number.parseInt(due, 16) * 10 }];
  });
}
