import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { getSystemErrorName } from 'node:util';

/** What of a socket's internals is needed here. */
interface Handle {
  /** Hands the bytes to the kernel. What it does not take at once is written later, and the request used for it. */
  writeBuffer(request: WriteRequest, bytes: Uint8Array): number;
  readonly writeQueueSize: number;
}

/** An object of a class of Node's own. */
interface WriteRequest {
  oncomplete?: (status: number) => void;
}

/**
 * Node's class of write requests. Each write gets one of its own: libuv may keep it until later even if the kernel
 * has taken all bytes, and Node aborts the process when a request is given to it again before that.
 */
let Request: (new () => WriteRequest) | undefined;

/**
 * Writes to a connected socket. The stream machinery of a write costs more than all else that is done for a short
 * reply, and nearly always there is nothing for it to do: the kernel takes the bytes at once. So they are given
 * straight to the socket's handle; whatever comes while some of them wait goes the usual way, behind them. So does
 * everything with TLS, or should a version of Node not allow it.
 */
export class SocketWriter {
  readonly #socket: Socket;
  readonly #drained: () => void;
  readonly #handle: Handle | undefined;
  /** What was given to the handle and is not written yet. */
  #waiting: Buffer | undefined;

  /** `drained` is called when all is written that could not be at once. */
  constructor(socket: Socket, drained: () => void, handleOf = plainHandle) {
    this.#socket = socket;
    this.#drained = drained;
    this.#handle = handleOf(socket);
  }

  /** Bytes that are not written yet, as a stream counts them: whole writes. */
  get writableLength(): number {
    return this.#socket.writableLength + (this.#waiting?.length ?? 0);
  }

  /** The bytes may be used again if `writableLength` is 0 after that. */
  write(bytes: Buffer): void {
    const handle = this.#handle;
    if (handle === undefined || Request === undefined || !this.#socket.writable || this.writableLength > 0) {
      this.#socket.write(bytes, this.#written);
      return;
    }
    const request = new Request();
    const status = handle.writeBuffer(request, bytes);
    if (status < 0) this.#fail(status);
    else if (handle.writeQueueSize > 0) this.#waitFor(request, bytes);
  }

  /** The kernel takes the rest later, and the request tells when it has. */
  #waitFor(request: WriteRequest, bytes: Buffer): void {
    this.#waiting = bytes;
    request.oncomplete = (status) => {
      this.#waiting = undefined;
      if (status < 0) this.#fail(status);
      else this.#written();
    };
  }

  readonly #written = (error?: Error | null): void => {
    if (!error && this.writableLength === 0) this.#drained();
  };

  #fail(status: number): void {
    this.#socket.destroy(new Error(`write ${getSystemErrorName(status)}`));
  }
}

/** The handle of a socket without TLS that can be written to like this. */
export function plainHandle(socket: Socket): Handle | undefined {
  // not in Node's types: it is internal
  const { _handle: handle } = socket as unknown as { readonly _handle: Partial<Handle> | null };
  if (socket instanceof TLSSocket || !handle?.writeBuffer || handle.writeQueueSize === undefined)
    return undefined;
  // both members are there
  const whole = handle as Handle;
  if (Request === undefined) learnRequest(whole);
  return whole;
}

/** Node does not export the class of its write requests: the next write of this handle shows it. */
function learnRequest(handle: Handle): void {
  const { writeBuffer } = handle;
  handle.writeBuffer = (request, bytes) => {
    handle.writeBuffer = writeBuffer;
    // a class that needs no arguments
    Request ??= (request as { constructor: new () => WriteRequest }).constructor;
    return writeBuffer.call(handle, request, bytes);
  };
}
