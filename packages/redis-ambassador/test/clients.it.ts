import { once } from 'node:events';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { needs } from '@pod-patterns/kit/testing/needs';
import { RedisServer, redisServer } from '@pod-patterns/kit/testing/redis';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Ambassador } from './support/ambassador.ts';

describe('client libraries', needs(redisServer), () => {
  let redis: RedisServer;
  let ambassador: Ambassador;

  beforeAll(async () => {
    redis = await RedisServer.start();
    ambassador = await Ambassador.start(redis.port);
  });
  afterAll(async () => {
    await ambassador[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
  });

  describe.each([2, 3] as const)('ioredis, RESP%i', (protocol) => {
    const open = () => new Redis({ port: ambassador.port, protocol, connectionName: 'web' });

    it('connects, reads, writes and pipelines', async () => {
      const client = open();
      expect(await client.set('a', '1')).toBe('OK');
      const results = await client
        .pipeline()
        .incr('a')
        .hset('h', { x: 1 })
        .hgetall('h')
        .get('missing')
        .exec();
      expect(results).toEqual([
        [null, 2],
        [null, expect.any(Number)],
        [null, { x: '1' }],
        [null, null],
      ]);
      expect(await client.client('GETNAME')).toBe('web');
      expect(await client.client('LIST')).toContain('lib-name=ioredis');
      client.disconnect();
    });

    it('runs transactions, and detects changes of watched keys', async () => {
      const [client, other] = [open(), open()];
      await client.set('n', '1');
      expect(await client.multi().incr('n').get('n').exec()).toEqual([
        [null, 2],
        [null, '2'],
      ]);
      await client.watch('n');
      await other.set('n', '9');
      expect(await client.multi().incr('n').exec()).toBeNull();
      expect(await client.get('n')).toBe('9');
      client.disconnect();
      other.disconnect();
    });

    it('blocks until another client pushes, while other clients continue', async () => {
      const [worker, other] = [open(), open()];
      const popped = worker.blpop('queue', 0);
      expect(await other.ping()).toBe('PONG');
      await other.rpush('queue', 'job');
      expect(await popped).toEqual(['queue', 'job']);
      const id = await worker.client('ID');
      const unblocked = worker.blpop('queue', 0);
      await eventually(async () => (await other.client('UNBLOCK', id)) === 1);
      expect(await unblocked).toBeNull();
      worker.disconnect();
      other.disconnect();
    });

    it('publishes and subscribes', async () => {
      const [subscriber, publisher] = [open(), open()];
      const heard: string[] = [];
      subscriber.on('message', (channel, text) => heard.push(`${channel}:${text}`));
      subscriber.on('pmessage', (pattern, channel, text) => heard.push(`${pattern}:${channel}:${text}`));
      expect(await subscriber.subscribe('news', 'other')).toBe(2);
      expect(await subscriber.psubscribe('n*')).toBe(3);
      expect(await publisher.publish('news', 'hello')).toBe(2);
      await eventually(() => heard.length === 2);
      expect(heard.sort()).toEqual(['n*:news:hello', 'news:hello']);
      expect(await subscriber.unsubscribe('news', 'other')).toBe(1);
      expect(await subscriber.punsubscribe('n*')).toBe(0);
      // its dedicated link is returned, and it is an ordinary client again
      expect(await subscriber.get('missing')).toBeNull();
      subscriber.disconnect();
      publisher.disconnect();
    });

    it('shares few connections among many clients', async () => {
      const clients = Array.from({ length: 30 }, open);
      const values = await Promise.all(
        clients.map(async (client, index) =>
          client.set(`many:${index}`, `${index}`).then(() => client.get(`many:${index}`)),
        ),
      );
      expect(values).toEqual(clients.map((_, index) => `${index}`));
      // two links for each protocol in use
      expect(await ambassador.metric('redis_ambassador_links{kind="shared"}')).toBeLessThanOrEqual(4);
      for (const client of clients) client.disconnect();
    });
  });

  describe.each([2, 3] as const)('node-redis, RESP%i', (protocol) => {
    const open = () => createClient({ RESP: protocol, socket: { port: ambassador.port } }).connect();

    it('connects, reads, writes, selects and runs transactions', async () => {
      const client = await open();
      await client.select(4);
      expect(await client.multi().set('a', '1').incr('a').exec()).toEqual(['OK', 2]);
      expect(await client.get('a')).toBe('2');
      expect(await client.zAdd('z', [{ score: 1.5, value: 'a' }])).toBeTypeOf('number');
      expect(await client.zRangeWithScores('z', 0, -1)).toEqual([{ score: 1.5, value: 'a' }]);
      await client.select(0);
      expect(await client.exists('z')).toBe(0);
      await client.close();
    });

    it('publishes and subscribes', async () => {
      const [subscriber, publisher] = [await open(), await open()];
      const heard = Promise.withResolvers<string>();
      await subscriber.subscribe('topic', (text) => heard.resolve(text));
      await publisher.publish('topic', 'hello');
      expect(await heard.promise).toBe('hello');
      await subscriber.unsubscribe('topic');
      await subscriber.close();
      await publisher.close();
    });
  });

  it('get invalidations for client-side caching on the tracking client', async () => {
    const client = new Redis({ port: ambassador.port, protocol: 3 });
    const other = new Redis({ port: ambassador.port });
    await client.set('cached', '1');
    expect(await client.call('CLIENT', 'TRACKING', 'ON')).toBe('OK');
    expect(await client.get('cached')).toBe('1');
    const before = await ambassador.metric('redis_ambassador_client_bytes_total{direction="out"}');
    await other.set('cached', '2');
    // the push arrives without a request
    await eventually(
      async () =>
        (await ambassador.metric('redis_ambassador_client_bytes_total{direction="out"}')) > before + 30,
    );
    expect(await client.call('CLIENT', 'TRACKINGINFO')).toContainEqual(['on']);
    client.disconnect();
    other.disconnect();
  });

  it('get invalidations in RESP2 on the named client', async () => {
    const [subscriber, client, other] = [0, 1, 2].map(
      () => new Redis({ port: ambassador.port, protocol: 2 }),
    ) as [Redis, Redis, Redis];
    const id = await subscriber.client('ID');
    await subscriber.subscribe('__redis__:invalidate');
    expect(await client.call('CLIENT', 'TRACKING', 'ON', 'REDIRECT', id)).toBe('OK');
    await client.get('tracked');
    const told = once(subscriber, 'messageBuffer');
    await other.set('tracked', '1');
    expect(String((await told)[0])).toBe('__redis__:invalidate');
    await expect(client.call('CLIENT', 'TRACKING', 'ON', 'REDIRECT', 999_999)).rejects.toThrow(
      'does not exist',
    );
    for (const one of [subscriber, client, other]) one.disconnect();
  });

  it('see the clients of the ambassador in CLIENT LIST, INFO and KILL', async () => {
    const [client, victim] = [
      new Redis({ port: ambassador.port }),
      new Redis({ port: ambassador.port, retryStrategy: () => null }),
    ];
    victim.on('error', () => {});
    await victim.client('SETNAME', 'victim');
    const id = Number(await victim.client('ID'));
    const list = String(await client.client('LIST'));
    expect(list).toMatch(
      new RegExp(
        `^id=${id} addr=127.0.0.1:\\d+ laddr=127.0.0.1:${ambassador.port} .*name=victim .*cmd=client`,
        'm',
      ),
    );
    expect(list).not.toContain('name=redis-ambassador');
    const ended = once(victim, 'end');
    expect(await client.client('KILL', 'ID', id)).toBe(1);
    await ended;
    expect(await client.client('KILL', 'ID', id)).toBe(0);
    client.disconnect();
  });

  it('wait by WAIT for all earlier writes of the client', async () => {
    // a replica that writes its primary's data to a file
    using folder = tempDir();
    await using replica = await RedisServer.start([
      '--replicaof',
      '127.0.0.1',
      String(redis.port),
      '--dir',
      folder.path,
    ]);
    const direct = new Redis({ port: replica.port });
    await eventually(async () => (await direct.info('replication')).includes('master_link_status:up'));
    const client = new Redis({ port: ambassador.port });
    await client.set('replicated', '1');
    expect(await client.wait(1, 10_000)).toBe(1);
    expect(await direct.get('replicated')).toBe('1');
    // a frozen replica does not have the next write
    process.kill(replica.pid, 'SIGSTOP');
    await client.set('replicated', '2');
    expect(await client.wait(1, 100)).toBe(0);
    process.kill(replica.pid, 'SIGCONT');
    client.disconnect();
    direct.disconnect();
  });

  it('see the executed commands in MONITOR', async () => {
    const client = new Redis({ port: ambassador.port });
    const watcher = new Redis({ port: ambassador.port });
    const monitor = await watcher.monitor();
    const seen = new Promise<string[]>((resolve) => {
      monitor.on('monitor', (_time: string, args: string[]) => {
        if (args[0] === 'set') resolve(args);
      });
    });
    await client.call('set', 'monitored', '1');
    expect(await seen).toEqual(['set', 'monitored', '1']);
    for (const one of [client, watcher, monitor]) one.disconnect();
  });
});
