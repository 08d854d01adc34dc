import type { Socket } from 'node:net';
import { SilentServer } from '@pod-patterns/kit/testing/silent-server';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tryOnce } from '../../testing/attempt.ts';
import { FakeServer } from '../../testing/fake-server.ts';
import {
  amqpMethod,
  grpcServing,
  kafkaReply,
  mongoReply,
  mysqlGreeting,
  noTls,
  postgresPassword,
} from '../../testing/messages.ts';
import { reasons } from '../probe/outcome.ts';
import { kinds } from './registry.ts';

/** Every kind that connects, with a silent server, one that stops within its answer, and a hostile one. */

interface Peer {
  readonly url: string;
  /** Answers to the client's messages; the last one makes it ready. Empty if a connection suffices. */
  readonly answers: readonly Buffer[];
  /** The server speaks first. */
  readonly isGreeting?: boolean;
}

const response = Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
const hello = mongoReply({ ok: 1 }, { isWritablePrimary: true });

const peers: Readonly<Record<string, Peer>> = {
  http: { url: 'http://HOST body~=ok', answers: [response] },
  redis: { url: 'redis://HOST', answers: [Buffer.from('+PONG\r\n')] },
  'redis with a login': {
    url: 'redis://:secret@HOST',
    answers: [Buffer.from('+OK\r\n'), Buffer.from('$4\r\nPONG\r\n')],
  },
  postgres: { url: 'postgres://HOST', answers: [noTls, postgresPassword] },
  mysql: { url: 'mysql://HOST', answers: [mysqlGreeting], isGreeting: true },
  amqp: { url: 'amqp://HOST', answers: [amqpMethod(10, 10)] },
  mongodb: { url: 'mongodb://HOST', answers: [hello] },
  kafka: { url: 'kafka://HOST', answers: [kafkaReply(0)] },
  grpc: { url: 'grpc://HOST', answers: [grpcServing] },
};

/** Kinds without a peer, with their own test, or whose peer sends nothing. */
const others = new Set(['tcp', 'unix', 'tls', 'dns', 'file', 'k8s']);

it('every kind is tested here or elsewhere', () => {
  const here = new Set(Object.values(peers).map(({ url }) => url.replace(/:.*/, '')));
  expect(
    kinds.map(({ schemes }) => schemes[0]).filter((name) => !here.has(name ?? '') && !others.has(name ?? '')),
  ).toEqual([]);
});

/** Sends its answers in turn, then a part of the last one, and then does what the test says. */
function serve({ answers, isGreeting = false }: Peer, last: (answer: Buffer, socket: Socket) => void) {
  const left = new WeakMap<Socket, Buffer[]>();
  const speak = (socket: Socket) => {
    const own = left.get(socket) ?? [...answers];
    left.set(socket, own);
    const answer = own.shift();
    if (answer === undefined) return;
    if (own.length > 0) socket.write(answer);
    else last(answer, socket);
  };
  return isGreeting ? FakeServer.start(speak) : FakeServer.start(undefined, (_, socket) => speak(socket));
}

describe.each(Object.entries(peers))('%s', (_, peer) => {
  const ask = (port: number, timeoutMs: number) =>
    tryOnce(peer.url.replace('HOST', `127.0.0.1:${port}`), { timeoutMs });

  it('is ready after the complete answer', async () => {
    await using server = await serve(peer, (answer, socket) => socket.write(answer));
    expect(await ask(server.port, 20_000)).toMatchObject({ ok: true });
  });

  it.concurrent('times out on a silent server, and says what it waited for', async () => {
    await using server = await SilentServer.start();
    expect(await ask(server.port, 1000)).toMatchObject({
      reason: 'timeout',
      detail: expect.stringMatching(/^connected to 127\.0\.0\.1:\d+, but no /),
    });
  });

  it.concurrent('times out on a server that stops within its answer', async () => {
    await using server = await serve(peer, (answer, socket) =>
      socket.write(answer.subarray(0, answer.length - 1)),
    );
    expect(await ask(server.port, 1000)).toMatchObject({ reason: 'timeout' });
  });

  it('reports a reset if the server closes anywhere within its answer', async () => {
    const length = peer.answers.at(-1)?.length ?? 0;
    for (let cut = 0; cut < length; cut++) {
      await using server = await serve(peer, (answer, socket) => socket.end(answer.subarray(0, cut)));
      const outcome = await ask(server.port, 20_000);
      expect({ cut, ...outcome }).toMatchObject({ cut, reason: 'reset' });
    }
  });

  it('reports a reset if the server resets the connection anywhere within its answer', async () => {
    const length = peer.answers.at(-1)?.length ?? 0;
    for (let cut = 1; cut < length; cut += Math.ceil(length / 10)) {
      await using server = await serve(peer, (answer, socket) => {
        socket.write(answer.subarray(0, cut), () => socket.resetAndDestroy());
      });
      const outcome = await ask(server.port, 20_000);
      expect({ cut, ...outcome }).toMatchObject({ cut, reason: 'reset' });
    }
  });

  it('reads an answer that arrives byte by byte', async () => {
    await using server = await serve(peer, async (answer, socket) => {
      socket.setNoDelay(true);
      for (const byte of answer) await new Promise((resolve) => socket.write(Buffer.of(byte), resolve));
    });
    expect(await ask(server.port, 20_000)).toMatchObject({ ok: true });
  });

  it('has a reason for any bytes', async () => {
    let said = Buffer.alloc(0);
    await using server = await serve(peer, (_, socket) => socket.end(said));
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        said = Buffer.from(bytes);
        const outcome = await ask(server.port, 20_000);
        expect(outcome.ok || reasons.includes(outcome.reason)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('has a reason for an answer with changed, added or missing bytes', async () => {
    let said = Buffer.alloc(0);
    await using server = await serve(peer, (_, socket) => socket.end(said));
    const good = peer.answers.at(-1) ?? Buffer.alloc(0);
    const change = fc.record({
      at: fc.nat(good.length),
      drop: fc.nat(3),
      put: fc.uint8Array({ maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ at, drop, put }) => {
        said = Buffer.concat([good.subarray(0, at), put, good.subarray(at + drop)]);
        const outcome = await ask(server.port, 20_000);
        expect(outcome.ok || reasons.includes(outcome.reason)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
