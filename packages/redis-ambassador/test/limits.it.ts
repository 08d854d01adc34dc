import { eventually } from '@pod-patterns/kit/testing/eventually';
import { needs } from '@pod-patterns/kit/testing/needs';
import { RedisServer, redisServer } from '@pod-patterns/kit/testing/redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Ambassador } from './support/ambassador.ts';
import { RawConnection, request } from './support/raw-connection.ts';

describe('a client', needs(redisServer), () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await RedisServer.start();
  });
  afterAll(() => redis[Symbol.asyncDispose]());

  const many = (count: number, ...words: readonly string[]) =>
    Buffer.concat(Array.from({ length: count }, () => request(...words)));

  it('reading nothing is cut off at its limit', async () => {
    await using ambassador = await Ambassador.start(redis.port, ['--max-unread', '8MiB']);
    using good = await RawConnection.open(ambassador.port);
    expect(await good.ask('SET', 'large', 'x'.repeat(1_000_000))).toBe('+OK\r\n');
    using lazy = await RawConnection.open(ambassador.port);
    lazy.socket.pause();
    lazy.send(many(64, 'GET', 'large'));
    await eventually(
      async () => (await ambassador.metric('redis_ambassador_rejected_total{reason="unread"}')) === 1,
    );
    expect(await good.ask('PING')).toBe('+PONG\r\n');
    expect(await ambassador.metric('redis_ambassador_memory_bytes')).toBeLessThan(1_000_000);
  });

  it('sending everything before it reads gets all its replies', async () => {
    await using ambassador = await Ambassador.start(redis.port);
    using client = await RawConnection.open(ambassador.port);
    await client.ask('SET', 'k', 'v'.repeat(1000));
    client.socket.pause();
    const requests = many(10_000, 'GET', 'k');
    await new Promise<void>((resolve) => client.socket.write(requests, () => resolve()));
    client.socket.resume();
    await client.until(({ bytes }) => bytes.length === 10_000 * 1009 + 5, 30_000);
  });

  it('using the most memory is cut off when memory runs out', async () => {
    await using ambassador = await Ambassador.start(redis.port, ['--max-memory', '4MiB']);
    using modest = await RawConnection.open(ambassador.port);
    using greedy = await RawConnection.open(ambassador.port);
    modest.send('*2\r\n$4\r\nECHO\r\n$100000\r\n');
    modest.send('x'.repeat(50_000));
    // the request must be complete to be read, and it never is
    greedy.send(`*2\r\n$4\r\nAUTH\r\n$10000000\r\n${'x'.repeat(5_000_000)}`);
    await greedy.closed();
    expect(await ambassador.metric('redis_ambassador_rejected_total{reason="memory"}')).toBe(1);
    modest.send(`${'x'.repeat(50_000)}\r\n`);
    expect(await modest.reply()).toBe(`$100000\r\n${'x'.repeat(100_000)}\r\n`);
  });

  it('beyond --max-clients is refused with an error', async () => {
    await using ambassador = await Ambassador.start(redis.port, ['--max-clients', '2']);
    using first = await RawConnection.open(ambassador.port);
    using second = await RawConnection.open(ambassador.port);
    expect([await first.ask('PING'), await second.ask('PING')]).toEqual(['+PONG\r\n', '+PONG\r\n']);
    using third = await RawConnection.open(ambassador.port);
    expect(await third.reply()).toBe('-ERR max number of clients reached\r\n');
    await third.closed();
    first[Symbol.dispose]();
    await eventually(async () => (await ambassador.metric('redis_ambassador_clients')) === 1);
    using fourth = await RawConnection.open(ambassador.port);
    expect(await fourth.ask('PING')).toBe('+PONG\r\n');
  });

  it('in need of a dedicated connection gets an error when all are in use', async () => {
    await using ambassador = await Ambassador.start(redis.port, [
      '--max-dedicated',
      '1',
      '--timeout',
      '500ms',
    ]);
    using first = await RawConnection.open(ambassador.port);
    using second = await RawConnection.open(ambassador.port);
    await first.ask('SUBSCRIBE', 'a');
    const refusal = '-ERR redis-ambassador: all 1 dedicated upstream connections are in use\r\n';
    expect(await second.ask('SUBSCRIBE', 'a')).toBe(refusal);
    expect(await second.ask('BLPOP', 'q', '1')).toBe(refusal);
    expect(await second.ask('PING')).toBe('+PONG\r\n');
    await first.ask('UNSUBSCRIBE');
    expect(await second.ask('SUBSCRIBE', 'a')).toBe('*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n');
  });

  it('using too many databases gets an error', async () => {
    await using ambassador = await Ambassador.start(redis.port, ['--max-databases', '2']);
    using first = await RawConnection.open(ambassador.port);
    using second = await RawConnection.open(ambassador.port);
    expect(await first.ask('SELECT', '1')).toBe('+OK\r\n');
    expect(await first.ask('PING')).toBe('+PONG\r\n');
    expect(await second.ask('SELECT', '2')).toBe('-ERR redis-ambassador: too many databases in use\r\n');
    first[Symbol.dispose]();
    await eventually(async () => (await second.ask('SELECT', '2')) === '+OK\r\n');
    expect(await second.ask('PING')).toBe('+PONG\r\n');
  });

  it('leaving in the middle of a request or of its replies leaks nothing', async () => {
    await using ambassador = await Ambassador.start(redis.port);
    using good = await RawConnection.open(ambassador.port);
    await good.ask('SET', 'large', 'x'.repeat(300_000));
    for (const bytes of [
      '*2\r\n$3\r\nGET\r\n$100\r\nabc',
      '*2\r\n$3\r\nSET\r\n$9000000\r\nabc',
      `*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$9000000\r\n${'x'.repeat(3_000_000)}`,
      many(100, 'GET', 'large'),
      request('BLPOP', 'nothing', '0'),
      request('SUBSCRIBE', 'a'),
      many(3, 'MULTI'),
    ]) {
      using gone = await RawConnection.open(ambassador.port);
      gone.send(bytes);
      await eventually(async () => (await ambassador.metric('redis_ambassador_clients')) === 2);
      gone.socket.resetAndDestroy();
      await eventually(async () => (await ambassador.metric('redis_ambassador_clients')) === 1);
    }
    expect(await good.ask('PING')).toBe('+PONG\r\n');
    await eventually(async () => (await ambassador.metric('redis_ambassador_in_flight')) === 0);
    expect(await ambassador.metric('redis_ambassador_memory_bytes')).toBe(0);
    // the next client gets the element that the previous one waited for
    expect(await good.ask('RPUSH', 'nothing', 'element')).toBe(':1\r\n');
    expect(await good.ask('LLEN', 'nothing')).toBe(':1\r\n');
  });

  it('sending a large request has it forwarded in pieces, and executed whole or not at all', async () => {
    await using ambassador = await Ambassador.start(redis.port);
    using client = await RawConnection.open(ambassador.port);
    const value = Buffer.alloc(20_000_000, 'abcdefghij');
    expect(await client.ask('SET', 'huge', value)).toBe('+OK\r\n');
    expect(await client.ask('STRLEN', 'huge')).toBe(':20000000\r\n');
    expect(await client.ask('GETRANGE', 'huge', '19999990', '-1')).toBe('$10\r\nabcdefghij\r\n');
    expect(await client.ask('MSET', 'huge', value, 'other', value)).toBe('+OK\r\n');
    expect(await client.ask('CLIENT', 'REPLY', 'NOPE')).toBe('-ERR syntax error\r\n');
    client.send(Buffer.concat([request('SET', 'huge', value).subarray(0, 10_000_000), Buffer.from('x')]));
    client.socket.end();
    await client.closed();
    using next = await RawConnection.open(ambassador.port);
    expect(await next.ask('GETRANGE', 'huge', '0', '9')).toBe('$10\r\nabcdefghij\r\n');
    expect(await next.ask('DEL', 'huge', 'other')).toBe(':2\r\n');
    using wrong = await RawConnection.open(ambassador.port);
    wrong.send(`*3\r\n$3\r\nSET\r\n$2000000\r\n${'k'.repeat(2_000_000)}\r\n$x\r\n`);
    expect(await wrong.reply()).toBe('-ERR Protocol error: invalid bulk length\r\n');
    await wrong.closed();
  });

  it('idle after a large request keeps no memory of it', async () => {
    await using ambassador = await Ambassador.start(redis.port);
    const value = 'x'.repeat(900_000);
    const [begin, end] = [
      `*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$${value.length}\r\n`,
      `${value.slice(600_000)}\r\n`,
    ];
    // many at a time, so that each needs its own memory
    for (let wave = 1; wave <= 4; wave++) {
      const clients: RawConnection[] = [];
      for (let count = 0; count < 100; count++) clients.push(await RawConnection.open(ambassador.port));
      for (const client of clients) client.send(begin + value.slice(0, 600_000));
      const held = async () => (await ambassador.metric('redis_ambassador_memory_bytes')) >= 60_000_000;
      await eventually(held);
      for (const client of clients) expect(await client.send(end).reply()).toBe('+OK\r\n');
    }
    expect(await ambassador.metric('redis_ambassador_memory_bytes')).toBeLessThan(1_000_000);
    // of 400 such requests; V8 frees unused memory only in batches of many megabytes
    expect(await ambassador.metric('nodejs_external_memory_bytes')).toBeLessThan(250_000_000);
  });

  it('is served among 1,000 at once', async () => {
    await using ambassador = await Ambassador.start(redis.port);
    const clients: RawConnection[] = [];
    for (let count = 0; count < 1000; count++) clients.push(await RawConnection.open(ambassador.port));
    const replies = await Promise.all(clients.map((client, index) => client.ask('ECHO', `client ${index}`)));
    for (const [index, reply] of replies.entries()) expect(reply).toContain(`client ${index}\r\n`);
    expect(await ambassador.metric('redis_ambassador_clients')).toBe(1000);
    expect(await ambassador.metric('redis_ambassador_links{kind="shared"}')).toBe(2);
    for (const client of clients) client[Symbol.dispose]();
    await eventually(async () => (await ambassador.metric('redis_ambassador_clients')) === 0);
  });
});
