import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { tryOnce } from '../../../testing/attempt.ts';
import { FakeServer } from '../../../testing/fake-server.ts';

/** A frame of HTTP/2 (RFC 9113, 4.1) for the first stream, or for the connection. */
function frame(type: number, flags: number, stream: 0 | 1, ...payload: readonly number[]): Buffer {
  return Buffer.from([0, 0, payload.length, type, flags, 0, 0, 0, stream, ...payload]);
}

/** A field of a header block as it stands, without a table (RFC 7541, 6.2.2). */
function field(name: string, value: string): readonly number[] {
  return [0, name.length, ...Buffer.from(name), value.length, ...Buffer.from(value)];
}

const settings = frame(4, 0, 0);
const endHeaders = 4;
const endStream = 1;
/** `:status 200`, as the static table of HPACK has it. */
const ok = 0x88;
const headers = frame(1, endHeaders, 1, ok);
/** The same, as a server of gRPC sends it. */
const grpcHeaders = frame(1, endHeaders, 1, ok, ...field('content-type', 'application/grpc+proto'));
const serving = frame(0, 0, 1, 0, 0, 0, 0, 2, 8, 1);
const end = (socket: Socket) => setImmediate(() => socket.end());

/** Reactions of a server to the first bytes of a client, and the expected reasons. */
const servers: Readonly<Record<string, readonly [act: (socket: Socket) => void, reason: string]>> = {
  'closes at once': [(socket) => socket.end(), 'reset'],
  'resets the connection': [(socket) => socket.resetAndDestroy(), 'reset'],
  'closes after its settings': [
    (socket) => {
      socket.write(settings);
      end(socket);
    },
    'reset',
  ],
  'closes behind the head of a response': [
    (socket) => {
      socket.write(Buffer.concat([settings, headers]));
      end(socket);
    },
    'reset',
  ],
  'closes within a message': [
    (socket) => {
      socket.write(Buffer.concat([settings, headers, frame(0, 0, 1, 0, 0, 0)]));
      end(socket);
    },
    'reset',
  ],
  'resets the stream': [
    (socket) => socket.write(Buffer.concat([settings, frame(3, 0, 1, 0, 0, 0, 7)])),
    'reset',
  ],
  'resets the stream without an error': [
    (socket) => socket.write(Buffer.concat([settings, frame(3, 0, 1, 0, 0, 0, 0)])),
    'reset',
  ],
  'resets the stream without an error, behind a message': [
    (socket) => socket.write(Buffer.concat([settings, grpcHeaders, serving, frame(3, 0, 1, 0, 0, 0, 0)])),
    'reset',
  ],
  'ends its answer without a status': [
    (socket) => socket.write(Buffer.concat([settings, grpcHeaders, frame(0, endStream, 1)])),
    'reset',
  ],
  'goes away': [
    (socket) => {
      socket.write(Buffer.concat([settings, frame(7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)]));
      end(socket);
    },
    'reset',
  ],
  'goes away with an error': [
    (socket) => {
      socket.write(Buffer.concat([settings, frame(7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2)]));
      end(socket);
    },
    'reset',
  ],
  'answers, but not in gRPC': [
    (socket) => socket.write(Buffer.concat([settings, frame(1, endHeaders | endStream, 1, ok)])),
    'http-protocol',
  ],
  'speaks HTTP/1': [(socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), 'http-protocol'],
  'sends frames without end': [
    (socket) => {
      socket.write(Buffer.concat([settings, headers]));
      const data = Buffer.concat([Buffer.from([0, 0x3f, 0xff, 0, 0, 0, 0, 0, 1]), Buffer.alloc(0x3fff, 'x')]);
      socket.write(data);
    },
    'http-protocol',
  ],
  'is silent': [() => {}, 'timeout'],
  'is silent behind its settings': [(socket) => socket.write(settings), 'timeout'],
  'is silent behind the head of a response': [
    (socket) => socket.write(Buffer.concat([settings, headers])),
    'timeout',
  ],
};

describe('grpc', () => {
  it.each(Object.keys(servers))('whose server %s', async (name) => {
    const [act, reason] = servers[name] ?? [() => {}, ''];
    let isFirst = true;
    await using server = await FakeServer.start(undefined, (_, socket) => {
      if (isFirst) act(socket);
      isFirst = false;
    });
    const timeoutMs = reason === 'timeout' ? 500 : 20_000;
    expect(await tryOnce(`grpc://127.0.0.1:${server.port}`, { timeoutMs })).toMatchObject({
      ok: false,
      reason,
    });
  });

  it('connects to an address with a zone, which a URL must not contain', async () => {
    const outcome = await tryOnce('grpc://[::1%lo]:1');
    expect(outcome).toMatchObject({ ok: false, reason: expect.stringMatching(/^(refused|unreachable)$/) });
  });
});
