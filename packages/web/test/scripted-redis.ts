import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

interface Script {
  /** Reply to every command after the handshake; undefined for no reply. */
  readonly reply?: string;
  readonly afterMs?: number;
  readonly port?: number;
}

const greetings: Readonly<Record<string, string>> = { hello: '%1\r\n+proto\r\n:3\r\n', client: '+OK\r\n' };

/** A real server that greets like Redis and then sends the given replies. */
export class ScriptedRedis implements AsyncDisposable {
  readonly #server = createServer((socket) => this.#serve(socket));
  readonly #sockets = new Set<Socket>();
  readonly #script: Script;

  private constructor(script: Script) {
    this.#script = script;
  }

  static async start(script: Script): Promise<ScriptedRedis> {
    const redis = new ScriptedRedis(script);
    redis.#server.listen(script.port ?? 0, '127.0.0.1');
    await once(redis.#server, 'listening');
    return redis;
  }

  get port(): number {
    const { port } = this.#server.address() as AddressInfo; // a TCP server that listens has one
    return port;
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {}).on('close', () => this.#sockets.delete(socket));
    socket.setEncoding('latin1').on('data', (commands: string) => {
      for (const [, name = ''] of commands.matchAll(/\*\d+\r\n\$\d+\r\n(\w+)/g)) {
        void this.#answer(socket, name.toLowerCase());
      }
    });
  }

  async #answer(socket: Socket, command: string): Promise<void> {
    const { reply, afterMs = 0 } = this.#script;
    const greeting = greetings[command];
    if (greeting === undefined && afterMs > 0) await delay(afterMs);
    const answer = greeting ?? reply;
    if (answer !== undefined) socket.write(answer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}
