import type { Socket } from 'node:net';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { describe, expect, it } from 'vitest';
import { Ambassador } from './support/ambassador.ts';
import { FakeRedis } from './support/fake-redis.ts';
import { bulk, RawConnection, request } from './support/raw-connection.ts';

/** Answers every GET and ECHO with its argument. */
const echo = ([name, argument = '']: readonly string[]) =>
  name === 'PING' ? undefined : bulk(`${name}:${argument}`);

/** One shared link, and a short timeout. */
const oneLink = ['--connections', '1', '--timeout', '2s'];

describe('an upstream that breaks the protocol', () => {
  const faults: ReadonlyArray<readonly [title: string, bytes: string]> = [
    ['garbage', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['a negative length', '$-7\r\n'],
    ['a huge length', '$99999999999999\r\n'],
    ['a huge array', '*99999999999999\r\n'],
    ['a push', '>2\r\n+a\r\n+b\r\n'],
    ['a bulk string without its final CRLF', '$1\r\nabcdefgh\r\n'],
  ];

  it.each(faults)(
    'by %s causes one error for each pending request, and all clients are served again',
    async (_, bytes) => {
      await using upstream = await FakeRedis.start(echo);
      await using ambassador = await Ambassador.start(upstream.port, oneLink);
      using victim = await RawConnection.open(ambassador.port);
      using other = await RawConnection.open(ambassador.port);
      expect(await other.ask('SET', 'x')).toBe(bulk('SET:x'));
      // the other client's request is pending when the invalid bytes arrive
      upstream.behave = (words) => (words[1] === 'bad' ? bytes : '');
      other.command('SET', 'slow');
      await eventually(() => upstream.seen.some((words) => words[1] === 'slow'));
      expect(await victim.ask('SET', 'bad')).toMatch(/^-LOST redis-ambassador: upstream /);
      upstream.behave = echo;
      expect(await other.reply()).toMatch(/^-LOST redis-ambassador: upstream /);
      for (const client of [victim, other]) expect(await client.ask('GET', 'y')).toBe(bulk('GET:y'));
      expect(victim.frames).toEqual([]);
      expect(other.frames).toEqual([]);
    },
  );

  it('by a reply without a request does not answer the next request with it', async () => {
    await using upstream = await FakeRedis.start(([, argument]) => {
      if (argument === undefined) return undefined;
      return argument === 'double' ? `${bulk('first')}${bulk('stray')}` : bulk(argument);
    });
    await using ambassador = await Ambassador.start(upstream.port, oneLink);
    using client = await RawConnection.open(ambassador.port);
    expect(await client.ask('GET', 'double')).toBe(bulk('first'));
    expect(await client.ask('GET', 'after')).toBe(bulk('after'));
    expect(await ambassador.metric('redis_ambassador_links_lost_total{reason="protocol"}')).toBe(1);
  });

  it('by a reply without a request just before a health check gives no client the reply of another', async () => {
    let isAsked = false;
    const oddSockets = new Set<Socket>();
    await using upstream = await FakeRedis.start(([name, argument = ''], socket) => {
      if (name === 'PING' && isAsked && oddSockets.size === 0) {
        oddSockets.add(socket);
        return `${bulk('first')}${bulk('stray')}`;
      }
      if (name === 'PING') return undefined;
      if (argument !== 'double') return `${oddSockets.has(socket) ? '+PONG\r\n' : ''}${bulk(argument)}`;
      isAsked = true;
      return Buffer.alloc(0);
    });
    await using ambassador = await Ambassador.start(upstream.port, oneLink);
    using client = await RawConnection.open(ambassador.port);
    expect(await client.ask('GET', 'double')).toBe(bulk('first'));
    for (const word of ['a', 'b', 'c']) expect(await client.ask('GET', word)).toBe(bulk(word));
    expect(await ambassador.metric('redis_ambassador_links_lost_total{reason="protocol"}')).toBe(1);
  });

  it('is not assumed when replies arrive a byte at a time', async () => {
    await using upstream = await FakeRedis.start((words, socket) => {
      if (words[0] === 'PING') return undefined;
      for (const byte of Buffer.from(bulk(words.join(':')))) socket.write(Buffer.of(byte));
      return undefined;
    });
    await using ambassador = await Ambassador.start(upstream.port, oneLink);
    using client = await RawConnection.open(ambassador.port);
    client.command('GET', 'a').command('GET', 'b');
    expect([await client.reply(), await client.reply()]).toEqual([bulk('GET:a'), bulk('GET:b')]);
  });

  it('by closing within a reply causes an error if nothing was passed on, or else cuts off the client', async () => {
    const half = (size: number) => `$${size}\r\n${'x'.repeat(size / 2)}`;
    await using upstream = await FakeRedis.start((words, socket) => {
      if (words[1] === 'small') socket.end(half(100));
      else if (words[1] === 'large') socket.end(half(1_000_000));
      else return bulk('fine');
      return undefined;
    });
    await using ambassador = await Ambassador.start(upstream.port, oneLink);
    using client = await RawConnection.open(ambassador.port);
    expect(await client.ask('SET', 'small')).toMatch(/^-LOST redis-ambassador: upstream connection lost/);
    client.command('SET', 'large');
    await client.closed();
    expect(client.frames).toEqual([]);
    using next = await RawConnection.open(ambassador.port);
    expect(await next.ask('GET', 'x')).toBe(bulk('fine'));
  });
});

describe('a silent upstream', () => {
  it('causes an error for a late request and for the requests after it', async () => {
    await using upstream = await FakeRedis.start((words) => (words[1] === 'never' ? '' : echo(words)));
    await using ambassador = await Ambassador.start(upstream.port, ['--connections', '1', '--timeout', '2s']);
    using client = await RawConnection.open(ambassador.port);
    using other = await RawConnection.open(ambassador.port);
    client.command('GET', 'never');
    await eventually(() => upstream.seen.length > 0);
    upstream.behave = () => '';
    other.command('SET', 'b');
    expect(await client.reply()).toBe(
      '-LOST redis-ambassador: upstream timed out (unknown outcome): no reply within 2000 ms\r\n',
    );
    expect(await other.reply()).toMatch(
      /^-LOST redis-ambassador: upstream connection lost \(unknown outcome\)/,
    );
    upstream.behave = echo;
    expect(await client.ask('GET', 'x')).toBe(bulk('GET:x'));
  });
});

describe('after a lost connection', () => {
  it('reads are retried, writes never', async () => {
    await using upstream = await FakeRedis.start((words, socket) => {
      const isFirst = upstream.seen.filter(([name]) => name === words[0]).length === 1;
      if (words[0] !== 'PING' && isFirst) socket.destroy();
      else return echo(words);
      return undefined;
    });
    await using ambassador = await Ambassador.start(upstream.port, oneLink);
    using client = await RawConnection.open(ambassador.port);
    expect(await client.ask('GET', 'a')).toBe(bulk('GET:a'));
    expect(await client.ask('SET', 'b', '1')).toMatch(
      /^-LOST redis-ambassador: upstream connection lost \(unknown outcome\)/,
    );
    expect(upstream.seen).toEqual([
      ['GET', 'a'],
      ['GET', 'a'],
      ['SET', 'b', '1'],
    ]);
    expect(await ambassador.metric('redis_ambassador_repeated_total')).toBe(1);
  });

  it('reads after the last write of a pipeline are retried, and replies stay in order', async () => {
    let isBroken = true;
    await using upstream = await FakeRedis.start((words, socket) => {
      if (isBroken && words[1] === 'd') {
        isBroken = false;
        socket.destroy();
      }
      if (!isBroken) return echo(words);
      // health checks get no answer either: it would count as the answer to `GET a`
      return words[0] === 'PING' ? undefined : '';
    });
    await using ambassador = await Ambassador.start(upstream.port, oneLink);
    using client = await RawConnection.open(ambassador.port);
    client.command('GET', 'a');
    client.command('SET', 'b');
    // in pieces, so that they form several runs
    await eventually(() => upstream.seen.length === 2);
    client.send(Buffer.concat([request('GET', 'c'), request('GET', 'd'), request('GET', 'e')]));
    const replies = [];
    for (let count = 0; count < 5; count++) replies.push(await client.reply());
    const lost = expect.stringMatching(/^-LOST redis-ambassador: upstream connection lost/);
    expect(replies).toEqual([lost, lost, bulk('GET:c'), bulk('GET:d'), bulk('GET:e')]);
  });

  it('a large read is retried over a dedicated connection, and over another one if that is lost too', async () => {
    const large = bulk('x'.repeat(3_000_000));
    let asked = 0;
    await using upstream = await FakeRedis.start((words, socket) => {
      if (words[1] !== 'large') return echo(words);
      asked++;
      if (asked !== 2) return large;
      socket.destroy();
      return undefined;
    });
    await using ambassador = await Ambassador.start(upstream.port, [...oneLink, '--max-unread', '8MiB']);
    using client = await RawConnection.open(ambassador.port);
    client.send(Buffer.concat([request('GET', 'large'), request('GET', 'a')]));
    expect(await client.reply()).toBe(large);
    expect(await client.reply()).toBe(bulk('GET:a'));
    expect(asked).toBe(3);
    expect(await ambassador.metric('redis_ambassador_links_lost_total{reason="closed"}')).toBe(0);
  });

  it('an unconfirmed subscription also gets an error', async () => {
    await using upstream = await FakeRedis.start((words, socket) => {
      if (words[0] !== 'SUBSCRIBE') return echo(words);
      socket.destroy();
      return undefined;
    });
    await using ambassador = await Ambassador.start(upstream.port, oneLink);
    using client = await RawConnection.open(ambassador.port);
    client.command('SUBSCRIBE', 'a').command('GET', 'b');
    expect(await client.reply()).toMatch(/^-LOST redis-ambassador: upstream connection lost/);
    expect(await client.reply()).toBe(bulk('GET:b'));
  });

  it('a read that ends the connection each time is given up in time', async () => {
    await using upstream = await FakeRedis.start((words, socket) => {
      if (words[1] !== 'poison') return echo(words);
      socket.destroy();
      return undefined;
    });
    await using ambassador = await Ambassador.start(upstream.port, [
      '--connections',
      '1',
      '--timeout',
      '500ms',
    ]);
    using client = await RawConnection.open(ambassador.port);
    expect(await client.ask('GET', 'poison')).toMatch(/^-(LOST|LOADING) redis-ambassador: upstream /);
    expect(await client.ask('GET', 'x')).toBe(bulk('GET:x'));
  });
});

describe('an upstream that is not ready', () => {
  it('while loading its data makes clients wait, then gives its own error', async () => {
    const loading = '-LOADING Redis is loading the dataset in memory\r\n';
    await using upstream = await FakeRedis.start(() => loading);
    await using ambassador = await Ambassador.start(upstream.port, ['--failover-hold', '300ms']);
    using client = await RawConnection.open(ambassador.port);
    // a busy machine may take longer than the hold to connect
    await eventually(async () => (await client.ask('GET', 'a')) === loading);
    const status = await ambassador.admin<{ upstream: { state: string; reason: string } }>('/status');
    expect(status.upstream).toMatchObject({ state: 'loading', reason: expect.stringContaining('LOADING') });
    upstream.behave = echo;
    await eventually(async () => (await client.ask('GET', 'a')) === bulk('GET:a'));
  });

  it.each([
    ['WRONGPASS invalid username-password pair or user is disabled.', 'AUTH'],
    ['NOAUTH Authentication required.', 'PING'],
  ])('refuses the login: %s', async (reason, at) => {
    await using upstream = await FakeRedis.start(([name]) => (name === at ? `-${reason}\r\n` : undefined));
    const url = `redis://${at === 'AUTH' ? 'app:wrong@' : ''}127.0.0.1:${upstream.port}`;
    await using ambassador = await Ambassador.start(url, ['--failover-hold', '0']);
    using client = await RawConnection.open(ambassador.port);
    await eventually(
      async () =>
        (await client.ask('GET', 'a')) ===
        `-LOADING redis-ambassador: upstream 127.0.0.1:${upstream.port} is unavailable: ${reason}\r\n`,
    );
    expect(ambassador.program.stderr.join()).not.toContain('wrong@');
  });
});
