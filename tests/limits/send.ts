import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Opens a connection, or resolves to undefined where it is refused. */
export async function open(host: string, port: number): Promise<Socket | undefined> {
  const socket = connect(port, host);
  socket.on('error', () => {});
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]).catch(() => {});
  return socket.readyState === 'open' ? socket : undefined;
}

/** Sends pieces over one connection as fast as they are taken, and waits until all is read or cut off. */
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
