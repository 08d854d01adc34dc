import { Socket } from 'node:net';
import { type OnBytes, ReadGate } from '../upstream/read-gate.ts';
import { ReadTurn } from '../upstream/read-turn.ts';

/** All accepted sockets read into the same memory: what is read is taken out before the next read. */
const readBuffer = Buffer.allocUnsafeSlow(64 * 1024);
/** Of all accepted sockets. */
const reads = new ReadTurn();

/**
 * Makes a socket of a `pauseOnConnect` server read into memory that is used again and again, which saves an
 * allocation, a copy and the stream machinery for each read. `net.connect` offers this as `onread`; for
 * accepted sockets Node does not, so the socket's handle is wrapped anew, with the option. Should a version of
 * Node not allow that, the socket reads as usual.
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

/** Takes what was read; false if the socket has to stop. */
type OnRead = (bytes: Buffer, length: number) => boolean;

/** What of a socket's internals is needed here. */
interface Inner {
  _handle: object | null;
}

/** The same connection as another socket, or undefined where that cannot be. */
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
  // the first socket is done with; the server counts it as closed
  accepted.destroy();
  return new Socket(options);
}
