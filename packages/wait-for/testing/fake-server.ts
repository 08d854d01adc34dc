import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

/** A TCP server on loopback that does what the test says. */
export class FakeServer implements AsyncDisposable {
  readonly port: number;
  /** Everything that clients have sent. */
  received = Buffer.alloc(0);
  connectionCount = 0;
  readonly #close: () => void;

  private constructor(port: number, close: () => void) {
    this.port = port;
    this.#close = close;
  }

  /** `greet` runs for each connection, `answer` for each chunk that arrives. */
  static async start(
    greet: (socket: Socket) => void = () => {},
    answer: (chunk: Buffer, socket: Socket) => void = () => {},
    onPort = 0,
  ): Promise<FakeServer> {
    const sockets = new Set<Socket>();
    let server: FakeServer | undefined;
    const listener = createServer((socket) => {
      sockets.add(socket);
      if (server !== undefined) server.connectionCount++;
      socket.on('error', () => {}).on('close', () => sockets.delete(socket));
      socket.on('data', (chunk) => {
        if (server !== undefined) server.received = Buffer.concat([server.received, chunk]);
        answer(chunk, socket);
      });
      greet(socket);
    }).listen(onPort, '127.0.0.1');
    await once(listener, 'listening');
    const { port } = listener.address() as { port: number }; // a TCP server has one
    server = new FakeServer(port, () => {
      listener.close();
      for (const socket of sockets) socket.destroy();
    });
    return server;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#close();
  }
}
