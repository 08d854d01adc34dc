import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { unknownCommand } from '../../src/command/command-table.ts';
import { Request } from '../../src/command/request.ts';
import { RequestScanner } from '../../src/resp/request-scanner.ts';

/**
 * Answers a request with bytes. An empty string leaves it and later health checks unanswered; undefined answers
 * only health checks.
 */
export type Behaviour = (words: readonly string[], socket: Socket) => string | Buffer | undefined;

const greeting =
  '*14\r\n$6\r\nserver\r\n$5\r\nredis\r\n$7\r\nversion\r\n$6\r\n7.0.15\r\n$5\r\nproto\r\n:2\r\n$2\r\nid\r\n:1\r\n' +
  '$4\r\nmode\r\n$10\r\nstandalone\r\n$4\r\nrole\r\n$6\r\nmaster\r\n$7\r\nmodules\r\n*0\r\n';

/** A server that accepts the login of the ambassador and then behaves as the test defines. */
export class FakeRedis implements AsyncDisposable {
  readonly port: number;
  /** All requests except those of logins and health checks. */
  readonly seen: string[][] = [];
  behave: Behaviour;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #silent = new WeakSet<Socket>();

  private constructor(server: Server, behave: Behaviour) {
    this.#server = server;
    this.behave = behave;
    this.port = (server.address() as AddressInfo).port; // a listening TCP server has one
    server.on('connection', (socket) => this.#serve(socket));
  }

  static async start(behave: Behaviour): Promise<FakeRedis> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new FakeRedis(server, behave);
  }

  /** Closes all connections; new ones are accepted. */
  dropAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #serve(socket: Socket): void {
    const scanner = new RequestScanner();
    let kept: Buffer = Buffer.alloc(0);
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket)).on('error', () => {});
    socket.on('data', (bytes: Buffer) => {
      kept = Buffer.concat([kept, bytes]);
      let at = 0;
      for (
        let end = scanner.next(kept, 0, kept.length);
        end >= 0;
        end = scanner.next(kept, at, kept.length)
      ) {
        const request = new Request(unknownCommand, undefined, { bytes: kept, start: at, end, readAt: 0 });
        const words = request.words.map((word) => word.toString('latin1'));
        at = end;
        const answer = loginAnswer(words) ?? this.#answer(words, socket);
        if (answer !== undefined && !socket.destroyed) socket.write(answer);
      }
      kept = kept.subarray(at);
    });
  }

  #answer(words: string[], socket: Socket): string | Buffer | undefined {
    if (words[0] !== 'PING') this.seen.push(words);
    const answer = this.behave(words, socket);
    if (answer === '') this.#silent.add(socket);
    const isWell = words[0] === 'PING' && !this.#silent.has(socket);
    return answer ?? (isWell ? '+PONG\r\n' : undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.dropAll();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

function loginAnswer([name, second]: readonly string[]): string | undefined {
  if (name === 'HELLO') return greeting;
  return name === 'CLIENT' && second === 'SETNAME' ? '+OK\r\n' : undefined;
}
