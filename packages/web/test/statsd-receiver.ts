import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** A real UDP socket that keeps the StatsD lines it receives. */
export class StatsdReceiver implements AsyncDisposable {
  readonly lines: string[] = [];
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (packet) => this.lines.push(...packet.toString().split('\n').filter(Boolean)));
  }

  static async start(): Promise<StatsdReceiver> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 });
    const receiver = new StatsdReceiver(socket);
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return receiver;
  }

  get address(): string {
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  /** The sum of a counter over the lines that have all these tags. */
  count(name: string, ...tags: readonly string[]): number {
    return this.lines
      .filter((line) => line.startsWith(`${name}:`) && tags.every((tag) => line.includes(tag)))
      .reduce((sum, line) => sum + Number(/:(\d+)\|c/.exec(line)?.[1] ?? 0), 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    await once(this.#socket, 'close');
  }
}
