import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A program that hangs: it accepts connections, reads everything and never answers. */
export class SilentServer implements AsyncDisposable {
  readonly #server = createServer((socket) => this.#hold(socket));
  readonly #held = new Set<Socket>();

  static async start(): Promise<SilentServer> {
    const silent = new SilentServer();
    silent.#server.listen(0, '127.0.0.1');
    await once(silent.#server, 'listening');
    return silent;
  }

  get port(): number {
    const { port } = this.#server.address() as AddressInfo; // a TCP server that listens has one
    return port;
  }

  #hold(socket: Socket): void {
    this.#held.add(socket);
    socket
      .on('error', () => {})
      .on('close', () => this.#held.delete(socket))
      .resume();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    for (const socket of this.#held) socket.destroy();
  }
}
