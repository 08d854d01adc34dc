import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import type { Conversation } from './odd-requests.ts';

/** Time to wait for an answer that may never come; then the client resets the connection. */
const patienceMs = 100;

/** Holds a conversation over TCP and reads the answers. Resolves when the connection has closed. */
export async function converse(port: number, { pieces, leaving }: Conversation): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  // the server may reset the connection
  socket.on('error', () => {}).on('close', () => resolve());
  socket.resume();
  for (const piece of pieces) {
    socket.write(piece, 'latin1');
    await turn();
  }
  if (leaving === 'half-close') socket.end();
  if (leaving === 'reset') socket.resetAndDestroy();
  const patience = setTimeout(() => socket.destroy(), patienceMs);
  await closed;
  clearTimeout(patience);
}

/** Sends each piece as one datagram. */
export async function sendDatagrams(port: number, { pieces }: Conversation): Promise<void> {
  const socket = createSocket('udp4');
  for (const piece of pieces) {
    await new Promise((resolve) => {
      socket.send(Buffer.from(piece, 'latin1'), port, '127.0.0.1', resolve);
    });
  }
  socket.close();
}
