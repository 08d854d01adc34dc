import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createSecureServer, type TlsOptions } from 'node:tls';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { readSyslogMessage, SyslogFrames, type SyslogMessage } from '../../testing/syslog-message.ts';
import type { ReceivedRecord } from './receiver.ts';

/** What the receiver does with a connection; a number resets it after that many bytes. */
export type SyslogBehaviour = 'read' | 'hang' | 'close' | 'reset' | 'never end' | number;

/** The record of a test line, with its file and offset from the structured data. */
export function recordOf({ msg, params }: SyslogMessage): ReceivedRecord {
  return { ...JSON.parse(msg), file: params['file'], offset: Number(params['offset']) };
}

/** A receiver that accepts only RFC 5424 with octet counting (RFC 6587); tests set its `behaviour`. */
export class SyslogReceiver implements AsyncDisposable {
  /** Messages in order of arrival, including those of broken connections. */
  readonly messages: SyslogMessage[] = [];
  /** Protocol errors. */
  readonly faults: unknown[] = [];
  connections = 0;
  /** Number of messages on connections that were not closed cleanly. */
  broken = 0;
  /** Number of messages on the last connection. */
  lastCount = 0;
  /** Behaviour by the number of the connection, from 1 on. */
  behaviour: (connection: number) => SyslogBehaviour = () => 'read';
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Connections that are no longer read: the end of their senders would go unnoticed. */
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
    // includes connections whose TLS handshake fails
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

  /** Resolves when all senders have disconnected and all their bytes are read. */
  async disconnected(): Promise<void> {
    await eventually(() => this.#sockets.size === 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of [...this.#sockets, ...this.#held]) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take(socket: Socket): void {
    socket.on('error', () => undefined);
    const behaviour = this.behaviour(++this.connections);
    if (behaviour === 'hang') {
      this.#hold(socket);
      return;
    }
    if (behaviour === 'close') {
      socket.destroy();
      return;
    }
    if (behaviour === 'reset') {
      socket.resetAndDestroy();
      return;
    }
    const frames = new SyslogFrames();
    this.lastCount = 0;
    let count = 0;
    let left = typeof behaviour === 'number' ? behaviour : Number.POSITIVE_INFINITY;
    socket.on('close', () => {
      if (behaviour === 'never end' || left <= 0) this.broken += count;
    });
    socket.on('data', (bytes) => {
      count += this.#note(frames, bytes.subarray(0, left));
      this.lastCount = count;
      left -= bytes.length;
      if (left <= 0) socket.resetAndDestroy();
    });
    socket.on('end', () => {
      if (frames.isTorn) this.faults.push('torn');
      if (behaviour === 'never end') this.#hold(socket);
      else socket.end();
    });
  }

  #hold(socket: Socket): void {
    this.#sockets.delete(socket);
    this.#held.add(socket);
  }

  /** Returns the number of messages that end in `bytes`. */
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

/** A receiver of datagrams with one message each. */
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
