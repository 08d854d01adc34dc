import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { needs } from '@pod-patterns/kit/testing/needs';
import { RedisServer, redisServer } from '@pod-patterns/kit/testing/redis';
import { describe, expect, it } from 'vitest';
import { Ambassador } from './support/ambassador.ts';
import { RawConnection } from './support/raw-connection.ts';

const full = 'ERR max number of clients reached';
const denied =
  'DENIED Redis is running in protected mode because protected mode is enabled and no password is set for the default user.';

interface Reported {
  readonly upstream: { readonly state: string; readonly reason: string };
}

/** A server that calls `onConnection` for every connection. */
async function serverWith(onConnection: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    onConnection(socket.on('error', () => {}));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port, // a listening TCP server has one
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await once(server.close(), 'close');
    },
  };
}

/** Ways in which a server refuses a connection. */
const ways: ReadonlyArray<readonly [title: string, onConnection: (socket: Socket, text: string) => void]> = [
  ['at once', (socket, text) => socket.end(`-${text}\r\n`)],
  ['after the login', (socket, text) => socket.once('data', () => socket.end(`-${text}\r\n`))],
  [
    'at once, with a reset at the login',
    (socket, text) => socket.once('data', () => socket.resetAndDestroy()).write(`-${text}\r\n`),
  ],
  [
    'after the login, with a reset',
    (socket, text) => socket.once('data', () => socket.write(`-${text}\r\n`, () => socket.resetAndDestroy())),
  ],
  [
    'a byte at a time',
    (socket, text) => {
      const bytes = Buffer.from(`-${text}\r\n`);
      const next = (at: number) =>
        at === bytes.length
          ? socket.end()
          : socket.write(bytes.subarray(at, at + 1), () => setImmediate(next, at + 1));
      next(0);
    },
  ],
];

describe.concurrent('the reason is reported when a server refuses a connection', () => {
  it.each(ways.flatMap(([way, onConnection]) => [full, denied].map((text) => ({ way, text, onConnection }))))(
    '$way: $text',
    async ({ text, onConnection }) => {
      await using server = await serverWith((socket) => onConnection(socket, text));
      const { port } = server;
      await using ambassador = await Ambassador.start(port, ['--failover-hold', '0']);
      const error = `-LOADING redis-ambassador: upstream 127.0.0.1:${port} is unavailable: ${text}\r\n`;
      using client = await RawConnection.open(ambassador.port);
      await eventually(async () => (await client.ask('GET', 'a')) === error);
      expect(await client.ask('BLPOP', 'q', '0')).toBe(error);
      for (const path of ['/readyz', '/status']) {
        const { upstream } = await ambassador.admin<Reported>(path);
        expect(upstream).toMatchObject({ state: 'down', reason: text });
      }
      await ambassador.program.waitForLog('upstream failing', { where: ({ reason }) => reason === text });
    },
  );

  it('except an error of the login before a later loss', async () => {
    // a server without HELLO that is lost later
    await using server = await serverWith((socket) =>
      socket.once('data', () => socket.end("-ERR unknown command 'HELLO'\r\n+OK\r\n")),
    );
    await using ambassador = await Ambassador.start(server.port, ['--failover-hold', '0']);
    using client = await RawConnection.open(ambassador.port);
    await eventually(async () =>
      (await client.ask('GET', 'a')).endsWith('is unavailable: upstream closed the connection\r\n'),
    );
  });
});

describe.concurrent('a Redis at its client limit', needs(redisServer), () => {
  it('is reported, in both protocols, until it has room', async () => {
    await using redis = await RedisServer.start(['--maxclients', '2']);
    const others = [await RawConnection.open(redis.port), await RawConnection.open(redis.port)];
    for (const other of others) expect(await other.ask('PING')).toBe('+PONG\r\n');
    await using ambassador = await Ambassador.start(redis.port, [
      '--connections',
      '1',
      '--failover-hold',
      '0',
    ]);
    const error = `-LOADING redis-ambassador: upstream 127.0.0.1:${redis.port} is unavailable: ${full}\r\n`;
    using client = await RawConnection.open(ambassador.port);
    await eventually(async () => (await client.ask('PING')) === error);
    using client3 = await RawConnection.open(ambassador.port);
    expect(await client3.ask('HELLO', '3')).toMatch(/^%7\r\n/);
    await eventually(async () => (await client3.ask('PING')) === error);
    expect((await ambassador.admin<Reported>('/readyz')).upstream.reason).toBe(full);
    for (const other of others) other[Symbol.dispose]();
    for (const one of [client, client3]) {
      await eventually(async () => (await one.ask('PING')) === '+PONG\r\n');
    }
  });

  it('gives its reason for refused dedicated connections, which is logged', async () => {
    await using redis = await RedisServer.start(['--maxclients', '2']);
    await using ambassador = await Ambassador.start(redis.port, ['--connections', '1']);
    using first = await RawConnection.open(ambassador.port);
    using second = await RawConnection.open(ambassador.port);
    expect(await first.ask('WATCH', 'a')).toBe('+OK\r\n');
    expect(await second.ask('BLPOP', 'q', '0')).toBe(
      `-LOADING redis-ambassador: upstream 127.0.0.1:${redis.port} is unavailable: ${full}\r\n`,
    );
    expect(await second.ask('PING')).toBe('+PONG\r\n');
    await ambassador.program.waitForLog('upstream connection failing', {
      where: ({ reason }) => reason === full,
    });
  });
});
