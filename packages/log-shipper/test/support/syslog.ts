import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createSecureServer, type TlsOptions } from 'node:tls';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { readSyslogMessage, SyslogFrames, type SyslogMessage } from '../../testing/syslog-message.ts';
import type { ReceivedRecord } from './receiver.ts';

/** What becomes of a connection; a number is how many bytes of it are read before it is reset. */
export type Manner = 'read' | 'hang' | 'close' | 'reset' | 'never end' | number;

/** What the tests' own lines say, with the file that structured data names. */
export function recordOf({ msg, params }: SyslogMessage): ReceivedRecord {
  return { ...JSON.parse(msg), file: params['file'], offset: Number(params['offset']) };
}

/** A receiver that takes RFC 5424 by RFC 6587's octet counting and nothing else, and can be told to misbehave. */
export class SyslogReceiver implements AsyncDisposable {
  /** As they came; those of a connection that was broken off as well. */
  readonly messages: SyslogMessage[] = [];
  /** What broke the protocol. */
  readonly faults: unknown[] = [];
  connections = 0;
  /** Messages of connections whose end was not answered. */
  broken = 0;
  /** Messages of the last connection. */
  lastCount = 0;
  /** By the number of the connection, from 1 on. */
  manner: (connection: number) => Manner = () => 'read';
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Of them nothing more is read, so that it would not be seen when their senders go away. */
  readonly #held = new Set<Socket>();
  readonly #scheme: string;

  private constructor(tls: TlsOptions | undefined) {
    const take = (socket: Socket) => this.#take(socket);
    const half = { allowHalfOpen: true };
    this.#server =
      tls === undefined ? createServer(half, take) : createSecureServer({ ...tls, ...half }, take);
    this.#scheme = tls === undefined ? 'syslog+tcp' : 'syslog+tls';
  }

  static async start({ port = 0, tls }: { port?: number; tls?: TlsOptions } = {}): Promise<SyslogReceiver> {
    const receiver = new SyslogReceiver(tls);
    receiver.#server.on('tlsClientError', () => undefined);
    // also those whose handshake fails
    receiver.#server.on('connection', (socket: Socket) => {
      if (!receiver.#held.has(socket)) receiver.#sockets.add(socket);
      socket.on('close', () => receiver.#sockets.delete(socket));
    });
    receiver.#server.listen(port, '127.0.0.1');
    await once(receiver.#server, 'listening');
    return receiver;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo; // it listens on TCP
    return `${this.#scheme}://127.0.0.1:${port}`;
  }

  get records(): ReceivedRecord[] {
    return this.messages.map(recordOf);
  }

  async received(count: number): Promise<void> {
    await eventually(() => this.messages.length >= count);
  }

  /** Resolves when every sender has gone away and all that it had sent has been read. */
  async isAlone(): Promise<void> {
    await eventually(() => this.#sockets.size === 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of [...this.#sockets, ...this.#held]) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take(socket: Socket): void {
    socket.on('error', () => undefined);
    const manner = this.manner(++this.connections);
    if (manner === 'hang') {
      this.#hold(socket);
      return;
    }
    if (manner === 'close') {
      socket.destroy();
      return;
    }
    if (manner === 'reset') {
      socket.resetAndDestroy();
      return;
    }
    const frames = new SyslogFrames();
    this.lastCount = 0;
    let count = 0;
    let left = typeof manner === 'number' ? manner : Number.POSITIVE_INFINITY;
    socket.on('close', () => {
      if (manner === 'never end' || left <= 0) this.broken += count;
    });
    socket.on('data', (bytes) => {
      count += this.#note(frames, bytes.subarray(0, left));
      this.lastCount = count;
      left -= bytes.length;
      if (left <= 0) socket.resetAndDestroy();
    });
    socket.on('end', () => {
      if (frames.isTorn) this.faults.push('torn');
      if (manner === 'never end') this.#hold(socket);
      else socket.end();
    });
  }

  #hold(socket: Socket): void {
    this.#sockets.delete(socket);
    this.#held.add(socket);
  }

  /** How many messages were in it. */
  #note(frames: SyslogFrames, bytes: Buffer): number {
    try {
      const messages = frames.push(bytes);
      this.messages.push(...messages);
      return messages.length;
    } catch (error) {
      this.faults.push(error);
      return 0;
    }
  }
}

/** A receiver of datagrams, each of which is one message. */
export async function datagramReceiver() {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 });
  const messages: SyslogMessage[] = [];
  const sizes: number[] = [];
  socket.on('message', (bytes) => {
    messages.push(readSyslogMessage(bytes));
    sizes.push(bytes.length);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const close = () => new Promise<void>((resolve) => socket.close(resolve));
  const url = `syslog+udp://127.0.0.1:${socket.address().port}`;
  return { messages, sizes, url, [Symbol.asyncDispose]: close };
}
