import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, Socket } from 'node:net';
import { buffer as allOf } from 'node:stream/consumers';
import { TLSSocket } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { plainHandle, SocketWriter } from './socket-writer.ts';

/** Two ends of a connection, the second one not read yet; counts what the first one's stream is given to write. */
async function pair() {
  const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a TCP server that listens has one
  const near = connect(port, '127.0.0.1');
  const [[far]] = await Promise.all([once(server, 'connection'), once(near, 'connect')]);
  if (!(far instanceof Socket)) throw new Error('nobody came');
  server.close();
  const streamed = { writes: 0 };
  const { write } = near;
  near.write = (...args: unknown[]) => {
    streamed.writes++;
    return Reflect.apply(write, near, args);
  };
  return { near, far, streamed };
}

/** Connects to a port, reads until the end, and prints how many bytes have come. */
const countingPeer = `let bytes = 0;
  require('node:net').connect(process.argv[1], '127.0.0.1')
    .on('data', (some) => { bytes += some.length; }).on('end', () => process.stdout.write(String(bytes)));`;

/** More than the kernel takes while nobody reads. */
const tooMuch = Buffer.alloc(32 * 1024 * 1024, 'x');

const ways = [
  { way: 'straight to the handle', handleOf: plainHandle, isDirect: true },
  { way: 'by the stream, where Node does not allow that', handleOf: () => undefined, isDirect: false },
];

describe.each(ways)('SocketWriter, $way', ({ handleOf, isDirect }) => {
  it('gives the kernel at once what it takes, and needs no telling', async () => {
    const { near, far, streamed } = await pair();
    let drained = 0;
    const writer = new SocketWriter(near, () => drained++, handleOf);
    writer.write(Buffer.from('1'));
    await once(far.resume(), 'data');
    const shown = { drained, writes: streamed.writes };
    writer.write(Buffer.from('2'));
    writer.write(Buffer.from('3'));
    expect(writer.writableLength).toBe(0);
    near.end();
    expect(await allOf(far)).toEqual(Buffer.from('23'));
    const later = { drained: drained - shown.drained, writes: streamed.writes - shown.writes };
    expect(later).toEqual(isDirect ? { drained: 0, writes: 0 } : { drained: 2, writes: 2 });
  });

  it('writes to a peer that reads at the same time', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo; // a TCP server that listens has one
    const peer = spawn(process.execPath, ['-e', countingPeer, String(port)]);
    const [near]: Socket[] = await once(server, 'connection');
    if (near === undefined) throw new Error('nobody came');
    server.close();
    let drained = () => {};
    const writer = new SocketWriter(near, () => drained(), handleOf);
    const pieces = 300;
    const piece = Buffer.alloc(3 * 1024 * 1024, 'y');
    for (let count = 0; count < pieces; count++) {
      const { promise, resolve } = Promise.withResolvers<void>();
      drained = resolve;
      writer.write(piece);
      if (writer.writableLength > 0) await promise;
    }
    near.end();
    expect((await allOf(peer.stdout)).toString()).toBe(String(pieces * piece.length));
  });

  it('keeps the order of what has to wait, and tells when all is written', async () => {
    const { near, far } = await pair();
    const { promise, resolve } = Promise.withResolvers<number>();
    const writer: SocketWriter = new SocketWriter(near, () => resolve(writer.writableLength), handleOf);
    const parts = [Buffer.from('first'), tooMuch, Buffer.from('then'), tooMuch, Buffer.from('last')];
    for (const part of parts) writer.write(part);
    expect(writer.writableLength).toBeGreaterThan(tooMuch.length);
    const received = allOf(far);
    expect(await promise).toBe(0);
    writer.write(Buffer.from('!'));
    near.end();
    expect((await received).equals(Buffer.concat([...parts, Buffer.from('!')]))).toBe(true);
  });

  it('sends what waits before the end', async () => {
    const { near, far } = await pair();
    const writer = new SocketWriter(near, () => {}, handleOf);
    writer.write(tooMuch);
    writer.write(Buffer.from('last'));
    near.end();
    expect((await allOf(far)).length).toBe(tooMuch.length + 4);
  });

  it('ends the socket with the error when the other side is gone, also while something waits', async () => {
    const { near, far } = await pair();
    const writer = new SocketWriter(near, () => {}, handleOf);
    writer.write(Buffer.from('first'));
    writer.write(tooMuch);
    const failed = once(near, 'error');
    far.resetAndDestroy();
    expect((await failed)[0]).toMatchObject({ message: expect.stringMatching(/^(write|read) E[A-Z]+$/) });
    expect(near.destroyed).toBe(true);
  });

  it('does nothing more when the socket is destroyed while something waits', async () => {
    const { near, far } = await pair();
    let drained = 0;
    const writer = new SocketWriter(near, () => drained++, handleOf);
    writer.write(tooMuch);
    near.destroy();
    await once(near, 'close');
    expect(drained).toBe(0);
    far.destroy();
  });
});

describe('plainHandle', () => {
  it('leaves TLS to the stream', () => {
    expect(plainHandle(new TLSSocket(new Socket()))).toBeUndefined();
  });
});
