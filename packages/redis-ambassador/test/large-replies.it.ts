import { eventually } from '@pod-patterns/kit/testing/eventually';
import { needs } from '@pod-patterns/kit/testing/needs';
import { RedisServer, redisServer } from '@pod-patterns/kit/testing/redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Ambassador } from './support/ambassador.ts';
import { RawConnection, request } from './support/raw-connection.ts';
import { bulk, digestOf, SlowReader } from './support/slow-reader.ts';

const mib = 1024 * 1024;
/** A client may leave at most 8 MiB unread, and a reply is large from 1 MiB on. */
const options = ['--connections', '1', '--max-unread', '8MiB'];

describe('replies larger than --max-unread', needs(redisServer), () => {
  let redis: RedisServer;
  let ambassador: Ambassador;
  const value = (name: string, size: number) => Buffer.alloc(size, `${name} `);
  const big = bulk(value('big', 40 * mib));
  const middle = bulk(value('middle', 3 * mib));

  beforeAll(async () => {
    redis = await RedisServer.start();
    ambassador = await Ambassador.start(redis.port, options);
    using direct = await RawConnection.open(redis.port);
    expect(await direct.ask('SET', 'big', value('big', 40 * mib))).toBe('+OK\r\n');
    expect(await direct.ask('SET', 'middle', value('middle', 3 * mib))).toBe('+OK\r\n');
    const elements = Array.from({ length: 20 }, (_, at) => value(`element ${at}`, mib));
    await direct.ask('RPUSH', 'list', ...elements);
    await direct.ask('HSET', 'hash', ...elements.flatMap((element, at) => [`field ${at}`, element]));
    const fill = `for at = 1, 100000 do redis.call('RPUSH', 'many', string.rep('element ' .. at, 10)) end`;
    await direct.ask('EVAL', fill, '0');
  });
  afterAll(async () => {
    await ambassador[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
  });

  const unread = (from = ambassador) => from.metric('redis_ambassador_rejected_total{reason="unread"}');
  const dedicated = () => ambassador.metric('redis_ambassador_links{kind="dedicated"}');

  it('wait in Redis while the client does not read, without harm to others', async () => {
    using other = await RawConnection.open(ambassador.port);
    using slow = await SlowReader.open(ambassador.port);
    const before = await ambassador.metric('redis_ambassador_upstream_bytes_total{direction="in"}');
    slow.send(request('GET', 'big'));
    // once the shared link has discarded it, and the buffers are full from the dedicated one
    await eventually(async () => {
      const bytes = await ambassador.metric('redis_ambassador_upstream_bytes_total{direction="in"}');
      return bytes - before > 41 * mib && (await ambassador.metric('redis_ambassador_in_flight')) === 1;
    });
    expect(await other.ask('SET', 'of others', '1')).toBe('+OK\r\n');
    expect(await ambassador.metric('redis_ambassador_memory_bytes')).toBeLessThan(4 * mib);
    expect(await slow.reply()).toBe(digestOf(big));
    expect(await unread()).toBe(0);
  });

  it.each([
    ['LRANGE list 0 -1'],
    ['LRANGE many 0 -1'],
    ['HGETALL hash'],
    ['MGET middle missing middle middle middle'],
    ['GETRANGE big 0 30000000'],
  ])('reach a slow client unchanged in RESP2 and RESP3: %s', async (line) => {
    for (const protocol of ['2', '3']) {
      using slow = await SlowReader.open(ambassador.port, 1);
      using direct = await SlowReader.open(redis.port);
      await slow.ask('HELLO', protocol);
      await direct.ask('HELLO', protocol);
      const expected = await direct.ask(...line.split(' '));
      expect(await slow.ask(...line.split(' '))).toBe(expected);
      expect(await slow.ask('ECHO', 'after')).toBe(digestOf(bulk('after')));
    }
    expect(await unread()).toBe(0);
  });

  it.each<readonly [title: string, requests: readonly Buffer[], replies: ReadonlyArray<string | Buffer>]>([
    [
      'one after another',
      [request('GET', 'big'), request('GET', 'big'), request('GET', 'big')],
      [big, big, big],
    ],
    [
      'among small replies',
      [request('ECHO', 'a'), request('GET', 'big'), request('GET', 'none'), request('GET', 'middle')],
      [bulk('a'), big, '$-1\r\n', middle],
    ],
    [
      'within a transaction',
      [request('MULTI'), request('GET', 'big'), request('ECHO', 'b'), request('EXEC'), request('ECHO', 'c')],
      [
        '+OK\r\n',
        '+QUEUED\r\n',
        '+QUEUED\r\n',
        Buffer.concat([Buffer.from('*2\r\n'), big, bulk('b')]),
        bulk('c'),
      ],
    ],
    [
      'before a blocking command and a subscription',
      [request('GET', 'big'), request('BLPOP', 'none', '0.01'), request('SUBSCRIBE', 'news')],
      [big, '*-1\r\n', '*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n'],
    ],
  ])('arrive in order in a pipeline, %s', async (_, requests, replies) => {
    using slow = await SlowReader.open(ambassador.port, 1);
    slow.send(...requests);
    expect(await slow.replies(replies.length)).toEqual(replies.map(digestOf));
    expect(await unread()).toBe(0);
  });

  it('are still delivered within the limit before a write', async () => {
    using slow = await SlowReader.open(ambassador.port, 1);
    slow.send(request('GET', 'middle'), request('SET', 'own', 'x'), request('GET', 'middle'));
    expect(await slow.replies(3)).toEqual([middle, '+OK\r\n', middle].map(digestOf));
  });

  it('are requested only once by a client that got one before', async () => {
    await eventually(async () => (await ambassador.metric('redis_ambassador_in_flight')) === 0);
    using client = await SlowReader.open(ambassador.port);
    const repeated = () => ambassador.metric('redis_ambassador_repeated_total');
    const before = await repeated();
    for (let round = 0; round < 3; round++) expect(await client.ask('GET', 'middle')).toBe(digestOf(middle));
    expect(await repeated()).toBe(before + 1);
    // after a small reply it is an ordinary client again
    expect(await client.ask('ECHO', 'small')).toBe(digestOf(bulk('small')));
    expect(await client.ask('GET', 'middle')).toBe(digestOf(middle));
    expect(await repeated()).toBe(before + 2);
  });

  it('end when the client disconnects in the middle, and leak nothing', async () => {
    {
      using gone = await SlowReader.open(ambassador.port);
      gone.send(request('GET', 'big'));
      await eventually(async () => (await dedicated()) > 0);
    }
    await eventually(async () => (await ambassador.metric('redis_ambassador_clients')) === 0);
    await eventually(async () => (await ambassador.metric('redis_ambassador_in_flight')) === 0);
    expect(await ambassador.metric('redis_ambassador_memory_bytes')).toBe(0);
    using next = await SlowReader.open(ambassador.port);
    expect(await next.ask('GET', 'big')).toBe(digestOf(big));
  });

  it("close the client's connection when the upstream is lost in the middle, and the log names the client", async () => {
    await using short = await RedisServer.start();
    await using its = await Ambassador.start(short.port, options);
    using direct = await RawConnection.open(short.port);
    await direct.ask('SET', 'big', value('big', 40 * mib));
    using slow = await SlowReader.open(its.port);
    const { localPort } = slow.socket;
    slow.send(request('GET', 'big'));
    await eventually(async () => (await its.metric('redis_ambassador_memory_bytes')) > mib);
    await short.stop();
    await expect(slow.reply()).rejects.toThrow('closed within a reply');
    expect(await its.program.waitForLog('client cut off')).toMatchObject({
      level: 'warn',
      client: `127.0.0.1:${localPort}`,
      reason: 'reply-cut',
    });
  });

  it('leave messages in Redis, which closes the connection at its own limit', async () => {
    using direct = await RawConnection.open(redis.port);
    await direct.ask('CONFIG', 'SET', 'client-output-buffer-limit', 'pubsub 1mb 1mb 0');
    using slow = await SlowReader.open(ambassador.port);
    await slow.ask('SUBSCRIBE', 'flood');
    const message = value('message', 100_000);
    await eventually(async () => (await direct.ask('PUBLISH', 'flood', message)) === ':0\r\n', {
      everyMs: 1,
    });
    expect(await ambassador.metric('redis_ambassador_memory_bytes')).toBeLessThan(4 * mib);
    const expected = digestOf(
      Buffer.concat([Buffer.from('*3\r\n$7\r\nmessage\r\n$5\r\nflood\r\n'), bulk(message)]),
    );
    for (let count = 0; count < 10; count++) expect(await slow.reply()).toBe(expected);
    const rest = async () => {
      for (;;) expect(await slow.reply()).toBe(expected);
    };
    await expect(rest()).rejects.toThrow('closed within a reply');
    expect(await unread()).toBe(0);
  });
});

describe('large replies merged from several servers', needs(redisServer), () => {
  it('count as unread while they are gathered, so that only the greedy client is cut off', async () => {
    await using one = await RedisServer.start();
    await using two = await RedisServer.start();
    const url = `redis-ring://127.0.0.1:${one.port},127.0.0.1:${two.port}`;
    await using ambassador = await Ambassador.start(url, ['--max-unread', '8MiB', '--max-in-flight', '8MiB']);
    using other = await RawConnection.open(ambassador.port);
    const keys = Array.from({ length: 24 }, (_, at) => `${at}:a key of some length`);
    const value = Buffer.alloc(mib, 'v');
    for (const key of keys) expect(await other.ask('SET', key, value)).toBe('+OK\r\n');
    const few = keys.slice(0, 4);
    expect(await other.ask('MGET', ...few)).toBe(`*4\r\n${few.map(() => bulk(value)).join('')}`);
    using greedy = await RawConnection.open(ambassador.port);
    greedy.command('MGET', ...keys);
    await greedy.closed(30_000);
    expect(await ambassador.metric('redis_ambassador_rejected_total{reason="unread"}')).toBe(1);
    expect(greedy.frames).toEqual([]);
    expect(await other.ask('EXISTS', ...keys)).toBe(':24\r\n');
    await eventually(async () => (await ambassador.metric('redis_ambassador_memory_bytes')) < mib);
    expect(await ambassador.metric('redis_ambassador_in_flight')).toBe(0);
  });
});
