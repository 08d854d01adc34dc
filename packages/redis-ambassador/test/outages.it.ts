import { eventually } from '@pod-patterns/kit/testing/eventually';
import { freePort } from '@pod-patterns/kit/testing/free-port';
import { needs } from '@pod-patterns/kit/testing/needs';
import { RedisServer, redisServer } from '@pod-patterns/kit/testing/redis';
import { describe, expect, it } from 'vitest';
import { Ambassador } from './support/ambassador.ts';
import { RawConnection, request } from './support/raw-connection.ts';

interface Tally {
  right: number;
  errors: number;
}

/**
 * A client that reads values naming it and the request, in pipelines, until `isOver`. Any reply but that value
 * or an error fails the test.
 */
async function askRepeatedly(port: number, name: string, isOver: () => boolean): Promise<Tally> {
  const tally = { right: 0, errors: 0 };
  using connection = await RawConnection.open(port);
  for (let round = 0; !isOver(); round++) {
    const marks = Array.from({ length: 1 + (round % 8) }, (_, index) => `${name}:${round}:${index}`);
    connection.send(
      Buffer.concat(
        // a write and another command that is not a read, in turn
        marks.map((mark, index) =>
          index % 2 === 0 ? request('ECHO', mark) : request('SET', mark, mark, 'GET'),
        ),
      ),
    );
    for (const [index, mark] of marks.entries()) {
      const reply = await connection.reply(30_000);
      const expected = index % 2 === 0 ? `$${mark.length}\r\n${mark}\r\n` : '$-1\r\n';
      if (reply === expected) tally.right++;
      else if (/^-(?:LOST redis-ambassador: |LOADING )/.test(reply)) tally.errors++;
      else throw new Error(`${mark} got ${JSON.stringify(reply)}`);
    }
  }
  expect(connection.frames).toEqual([]);
  return tally;
}

describe('an upstream', needs(redisServer), () => {
  it('killed repeatedly causes no wrong reply, only errors for lost requests, and is used again after each restart', async () => {
    await using redis = await RedisServer.start();
    await using ambassador = await Ambassador.start(redis.port, ['--failover-hold', '200ms']);
    let isOver = false;
    const clients = Array.from({ length: 12 }, (_, index) =>
      askRepeatedly(ambassador.port, `client${index}`, () => isOver),
    );
    using probe = await RawConnection.open(ambassador.port);
    for (let outage = 0; outage < 4; outage++) {
      await redis.stop();
      await eventually(async () => (await probe.ask('PING')).startsWith('-LOADING redis-ambassador: '));
      await redis.start();
      await eventually(async () => (await probe.ask('PING')) === '+PONG\r\n');
    }
    isOver = true;
    const tallies = await Promise.all(clients);
    for (const tally of tallies) expect(tally.right).toBeGreaterThan(0);
    expect(tallies.some(({ errors }) => errors > 0)).toBe(true);
    expect(await ambassador.metric('redis_ambassador_in_flight')).toBe(0);
    expect(await ambassador.metric('redis_ambassador_upstream_up')).toBe(1);
  });

  it('frozen counts as lost after the timeout, and is used again when it thaws', async () => {
    await using redis = await RedisServer.start();
    await using ambassador = await Ambassador.start(redis.port, [
      '--connections',
      '1',
      '--timeout',
      '300ms',
      '--failover-hold',
      '0',
    ]);
    using client = await RawConnection.open(ambassador.port);
    using subscriber = await RawConnection.open(ambassador.port);
    await eventually(async () => (await client.ask('SET', 'a', '1')) === '+OK\r\n');
    await subscriber.ask('SUBSCRIBE', 'news');
    process.kill(redis.pid, 'SIGSTOP');
    expect(await client.ask('GET', 'a')).toBe(
      '-LOST redis-ambassador: upstream timed out (unknown outcome): no reply within 300 ms\r\n',
    );
    expect(await client.ask('GET', 'a')).toMatch(/^-LOADING redis-ambassador: upstream .* is unavailable/);
    // a lost subscription closes the connection, like a lost Redis
    await subscriber.closed();
    process.kill(redis.pid, 'SIGCONT');
    await eventually(async () => (await client.ask('GET', 'a')) === '$1\r\n1\r\n');
  });

  it('frozen lets no client wait beyond the timeout, however often a request is held or retried', async () => {
    await using redis = await RedisServer.start();
    await using ambassador = await Ambassador.start(redis.port, ['--timeout', '4s', '--failover-hold', '4s']);
    const clients = await Promise.all(Array.from({ length: 6 }, () => RawConnection.open(ambassador.port)));
    for (const client of clients) expect(await client.ask('PING')).toBe('+PONG\r\n');
    process.kill(redis.pid, 'SIGSTOP');
    const sentAt = performance.now();
    for (const [index, client] of clients.entries()) {
      // more than the initial window, and commands that need a dedicated connection
      for (let read = 0; read < 200; read++) client.command('GET', `a${read}`);
      if (index % 2 === 1) client.command('DEBUG', 'SLEEP', '0');
    }
    const replies = clients.map(async (client, index) => {
      await client.until(({ frames }) => frames.length === 200 + (index % 2), 30_000);
      return performance.now() - sentAt;
    });
    // it would be twice the timeout if the hold restarted the clock
    for (const ms of await Promise.all(replies)) expect(ms).toBeLessThan(7000);
    for (const client of clients) {
      expect(client.frames.map(String).filter((reply) => !/^-(LOST|LOADING) /.test(reply))).toEqual([]);
      client[Symbol.dispose]();
    }
    process.kill(redis.pid, 'SIGCONT');
  });

  it('frozen without clients is still detected as down', async () => {
    await using redis = await RedisServer.start();
    await using ambassador = await Ambassador.start(redis.port, ['--timeout', '300ms']);
    await eventually(async () => (await ambassador.metric('redis_ambassador_upstream_up')) === 1);
    process.kill(redis.pid, 'SIGSTOP');
    await eventually(async () => (await ambassador.metric('redis_ambassador_upstream_up')) === 0);
    process.kill(redis.pid, 'SIGCONT');
    await eventually(async () => (await ambassador.metric('redis_ambassador_upstream_up')) === 1);
  });

  it('frozen under sending clients keeps the memory bounded', async () => {
    await using redis = await RedisServer.start();
    await using ambassador = await Ambassador.start(redis.port, ['--timeout', '60s']);
    const value = Buffer.alloc(100_000, 'x');
    using first = await RawConnection.open(ambassador.port);
    expect(await first.ask('PING')).toBe('+PONG\r\n');
    process.kill(redis.pid, 'SIGSTOP');
    const pushers = await Promise.all(Array.from({ length: 8 }, () => RawConnection.open(ambassador.port)));
    const bytes = Buffer.concat(Array.from({ length: 200 }, () => request('SET', 'k', value)));
    for (const pusher of pushers) pusher.send(bytes);
    // once nothing moves any more
    let before = -1;
    await eventually(
      async () => {
        const now = await ambassador.metric('redis_ambassador_client_bytes_total{direction="in"}');
        const isStill = now === before;
        before = now;
        return isStill;
      },
      { everyMs: 200 },
    );
    expect(before).toBeGreaterThan(1_000_000);
    expect(await ambassador.metric('redis_ambassador_memory_bytes')).toBeLessThan(20_000_000);
    process.kill(redis.pid, 'SIGCONT');
    for (const pusher of pushers) {
      await pusher.until(({ frames }) => frames.length === 200, 30_000);
      expect(new Set(pusher.frames.map(String))).toEqual(new Set(['+OK\r\n']));
      pusher[Symbol.dispose]();
    }
  });

  it('lost during a transaction does not execute it, and the client must start over', async () => {
    await using redis = await RedisServer.start();
    await using ambassador = await Ambassador.start(redis.port);
    using client = await RawConnection.open(ambassador.port);
    expect(await client.ask('MULTI')).toBe('+OK\r\n');
    expect(await client.ask('INCR', 'n')).toBe('+QUEUED\r\n');
    process.kill(redis.pid, 'SIGSTOP');
    // a read is part of the transaction too, and must not be retried outside it
    client.command('GET', 'n').command('INCR', 'n').command('EXEC').command('GET', 'n');
    await eventually(async () => (await ambassador.metric('redis_ambassador_in_flight')) >= 4);
    await redis.stop();
    const lost = expect.stringMatching(
      /^-LOST redis-ambassador: upstream connection lost \(unknown outcome\)/,
    );
    expect([await client.reply(), await client.reply(), await client.reply()]).toEqual([lost, lost, lost]);
    using watcher = await RawConnection.open(ambassador.port);
    await redis.start();
    await eventually(async () => (await watcher.ask('WATCH', 'n')) === '+OK\r\n');
    expect(await watcher.ask('GET', 'n')).toBe('$-1\r\n');
    await redis.stop();
    await watcher.closed();
  });

  it.each([
    ['BLPOP', 'q', '0'],
    ['BLMOVE', 'q', 'r', 'LEFT', 'RIGHT', '30'],
    ['XREAD', 'BLOCK', '0', 'STREAMS', 's', '$'],
    ['WAIT', '1', '0'],
  ])('lost during a blocked %s closes the client’s connection instead of an error', async (...words) => {
    await using redis = await RedisServer.start();
    await using ambassador = await Ambassador.start(redis.port);
    using client = await RawConnection.open(ambassador.port);
    client
      .command('ECHO', 'before')
      .command(...words)
      .command('ECHO', 'behind');
    expect(await client.reply()).toBe('$6\r\nbefore\r\n');
    using direct = await RawConnection.open(redis.port);
    await eventually(async () => (await direct.ask('INFO', 'clients')).includes('blocked_clients:1'));
    await redis.stop();
    await client.closed();
    expect(client.frames).toEqual([]);
    expect(await ambassador.metric('redis_ambassador_rejected_total{reason="state-lost"}')).toBe(1);
  });

  it('down at MULTI runs no later command outside the transaction', async () => {
    await using ambassador = await Ambassador.start(await freePort(), ['--failover-hold', '0']);
    using client = await RawConnection.open(ambassador.port);
    client.command('MULTI').command('SET', 'a', '1').command('EXEC');
    expect(await client.reply()).toMatch(/^-LOADING redis-ambassador: upstream .* is unavailable/);
    await client.closed();
    expect(client.frames).toEqual([]);
  });

  it('down at the start leaves the ambassador ready, commands get errors, and are served later', async () => {
    const port = await freePort();
    await using ambassador = await Ambassador.start(port, ['--failover-hold', '300ms']);
    const ready = await fetch(`http://127.0.0.1:${ambassador.adminPort}/readyz`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({ ready: true, reasons: {}, upstream: { state: 'down' } });
    using client = await RawConnection.open(ambassador.port);
    const error = `-LOADING redis-ambassador: upstream 127.0.0.1:${port} is unavailable: connect ECONNREFUSED 127.0.0.1:${port}\r\n`;
    // clients can connect and greet, so that they are connected when the upstream starts
    expect(await client.ask('HELLO', '3')).toMatch(/^%7\r\n/);
    expect(await client.ask('PING')).toBe(error);
    expect(await client.ask('BLPOP', 'q', '0')).toBe(error);
    await using _redis = await RedisServer.start([], port);
    await eventually(async () => (await client.ask('PING')) === '+PONG\r\n');
  });

  it('down for a short time delays requests instead of failing them', async () => {
    const port = await freePort();
    await using ambassador = await Ambassador.start(port, ['--failover-hold', '20s', '--timeout', '20s']);
    using client = await RawConnection.open(ambassador.port);
    const reply = client.ask('SET', 'a', '1');
    await ambassador.program.waitForLog('upstream failing');
    await using _redis = await RedisServer.start([], port);
    expect(await reply).toBe('+OK\r\n');
  });

  it('loading its data after a restart delays requests', async () => {
    await using redis = await RedisServer.start();
    await using ambassador = await Ambassador.start(redis.port);
    using client = await RawConnection.open(ambassador.port);
    expect(await client.ask('DEBUG', 'SLEEP', '0')).toMatch(/^-ERR DEBUG command not allowed/);
    expect(await client.ask('PING')).toBe('+PONG\r\n');
    const log = ambassador.program;
    await redis.stop();
    await log.waitForLog('upstream failing');
    await redis.start();
    const { failures, forMs } = await log.waitForLog('upstream recovered');
    expect([typeof failures, typeof forMs]).toEqual(['number', 'number']);
    // one line at its start and one at its end
    const reasons = log.log.filter(({ msg }) => msg === 'upstream failing').map(({ reason }) => reason);
    expect(reasons).toEqual(reasons.filter((reason, index) => reason !== reasons[index - 1]));
  });
});
