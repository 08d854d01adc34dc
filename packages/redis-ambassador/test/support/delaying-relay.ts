import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Transport of the bytes of one connection: sizes of its pieces, and milliseconds between them. */
export type Pace = () => { readonly bytes: number; readonly delayMs: number };

/** Relays connections to a port, each direction at its own pace; bytes stay in order. */
export class DelayingRelay implements AsyncDisposable {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, to: number, pace: Pace) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port; // a listening TCP server has one
    server.on('connection', (near) => {
      const far = connect(to, '127.0.0.1');
      void this.#pass(near, far, pace);
      void this.#pass(far, near, pace);
    });
  }

  static async start(to: number, pace: Pace): Promise<DelayingRelay> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new DelayingRelay(server, to, pace);
  }

  async #pass(from: Socket, to: Socket, pace: Pace): Promise<void> {
    this.#sockets.add(from);
    from.setNoDelay(true).on('error', () => {});
    try {
      for await (const chunk of from as AsyncIterable<Buffer>) {
        for (let at = 0; at < chunk.length; ) {
          const { bytes, delayMs } = pace();
          if (delayMs > 0) await delay(delayMs);
          to.write(chunk.subarray(at, at + bytes));
          at += bytes;
        }
      }
    } catch {
      // a broken connection is treated as ended
    }
    to.destroy();
    this.#sockets.delete(from);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
