import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Opens a connection; resolves to undefined if it is refused. */
export async function open(host: string, port: number): Promise<Socket | undefined> {
  const socket = connect(port, host);
  socket.on('error', () => {});
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]).catch(() => {});
  return socket.readyState === 'open' ? socket : undefined;
}

/** Sends pieces over one connection as fast as the server reads, and waits until all are read or it is cut off. */
export async function send(host: string, port: number, pieces: Iterable<string | Buffer>): Promise<void> {
  const socket = await open(host, port);
  if (socket === undefined) return;
  socket.resume();
  const closed = once(socket, 'close');
  for (const piece of pieces) {
    if (socket.destroyed) break;
    if (!socket.write(piece)) await Promise.race([once(socket, 'drain'), closed]).catch(() => {});
  }
  socket.end();
  await closed.catch(() => {});
}

/** Pieces of about 64 KiB with a line for each number. */
export function* lines(count: number, line: (at: number) => string): Generator<string> {
  let piece = '';
  for (let at = 0; at < count; at++) {
    piece += `${line(at)}\n`;
    if (piece.length < 65_536) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

export type Held = Disposable;

export interface HoldOptions {
  readonly host: string;
  readonly port: number;
  readonly count: number;
  /** Sent by each connection; afterwards it neither sends nor reads. */
  readonly text: (connection: number) => string | Buffer;
}

/** Opens `count` connections, a hundred at a time, and ignores their outcome. */
export async function holdMany({ host, port, count, text }: HoldOptions): Promise<Held> {
  const sockets: Array<Socket | undefined> = [];
  for (let first = 0; first < count; first += 100) {
    const numbers = Array.from({ length: Math.min(100, count - first) }, (_, at) => first + at);
    sockets.push(...(await Promise.all(numbers.map((number) => hold(host, port, text(number))))));
  }
  return {
    [Symbol.dispose]: () => {
      for (const socket of sockets) socket?.destroy();
    },
  };
}

/** A connection that sends this and then neither sends nor reads. */
async function hold(host: string, port: number, text: string | Buffer): Promise<Socket | undefined> {
  const socket = await open(host, port);
  socket?.pause();
  if (text.length > 0) socket?.write(text);
  return socket;
}
