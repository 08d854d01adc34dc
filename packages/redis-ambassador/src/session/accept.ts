import { Socket } from 'node:net';
import { type OnBytes, ReadGate } from '../upstream/read-gate.ts';
import { ReadTurn } from '../upstream/read-turn.ts';

/** Read buffer shared by all accepted sockets: it is consumed before the next read. */
const readBuffer = Buffer.allocUnsafeSlow(64 * 1024);
/** Options of all accepted sockets. */
const reads = new ReadTurn();

/**
 * Makes a socket of a `pauseOnConnect` server read into reused memory, which saves an
 * allocation, a copy and the stream machinery for each read. `net.connect` offers this as `onread`; for
 * accepted sockets Node does not, so the socket's handle is wrapped again with the option. If a version of
 * Node does not allow that, the socket reads as usual.
 */
export function acceptSocket(accepted: Socket, onBytes: OnBytes, wrap = rewrap): ReadGate {
  const wrapped = wrap(accepted, (bytes, length) => {
    onBytes(bytes, length);
    return gate.passes(length);
  });
  const gate = new ReadGate(wrapped ?? accepted, reads);
  if (wrapped === undefined) {
    accepted.on('data', (bytes: Buffer) => {
      onBytes(bytes, bytes.length);
      if (!gate.passes(bytes.length)) accepted.pause();
    });
  }
  gate.socket.resume();
  return gate;
}

/** Takes the bytes read; returns false to pause the socket. */
type OnRead = (bytes: Buffer, length: number) => boolean;

/** Internals of a socket, as far as needed here. */
interface Inner {
  _handle: object | null;
}

/** Wraps the same connection in another socket; undefined if that is impossible. */
export function rewrap(accepted: Socket, onRead: OnRead): Socket | undefined {
  // not in Node's types: it is internal
  const inner = accepted as unknown as Inner;
  const handle = inner._handle;
  if (handle === null || typeof handle !== 'object' || !('useUserBuffer' in handle)) return undefined;
  inner._handle = null;
  const onread = {
    buffer: readBuffer,
    callback: (length: number) => onRead(readBuffer, length),
  };
  // `handle` and `onread` are options that the constructor takes and its types leave out
  const options: object = { handle, onread, allowHalfOpen: true, writableHighWaterMark: 1 };
  // discard the first socket; the server counts it as closed
  accepted.destroy();
  return new Socket(options);
}
