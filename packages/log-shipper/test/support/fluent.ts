import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createSecureServer, type TlsOptions } from 'node:tls';
import { decodeMulti, decodeMultiStream, ExtData, ExtensionCodec, encode } from '@msgpack/msgpack';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import type { ReceivedRecord } from './receiver.ts';

/** What the receiver does with a message; after `taken` it keeps the records without acknowledging them. */
export type FluentBehaviour = 'ack' | 'hang' | 'reset' | 'taken, reset' | 'half' | 'wrong' | 'ack, close';

/** Secrets that a sender must prove to know. */
export interface FluentSecrets {
  readonly sharedKey: string;
  readonly user?: string;
  readonly password?: string;
  readonly keepalive?: boolean;
}

const extensions = new ExtensionCodec();
extensions.register({ type: 0, encode: () => null, decode: (bytes) => new ExtData(0, bytes.slice()) });
const sha512 = (...pieces: ReadonlyArray<string | Uint8Array>) => {
  const hash = createHash('sha512');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
};

/** A receiver of the Forward protocol that accepts only PackedForward with acknowledgements. */
export class FluentReceiver implements AsyncDisposable {
  readonly records: ReceivedRecord[] = [];
  /** Seconds and nanoseconds of each record. */
  readonly times: Array<readonly [number, number]> = [];
  readonly tags = new Set<string>();
  readonly faults: unknown[] = [];
  connections = 0;
  messages = 0;
  /** Number of records that were taken without an acknowledgement. */
  unacknowledged = 0;
  /** Number of records in the last message. */
  lastCount = 0;
  /** Behaviour by the number of the message, from 1 on. */
  behaviour: (message: number) => FluentBehaviour = () => 'ack';
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #secrets: FluentSecrets | undefined;
  readonly #scheme: string;

  private constructor(tls: TlsOptions | undefined, secrets: FluentSecrets | undefined) {
    const take = (socket: Socket) => {
      this.connections++;
      this.#serve(socket).catch(() => socket.destroy());
    };
    this.#server = tls === undefined ? createServer(take) : createSecureServer(tls, take);
    this.#scheme = tls === undefined ? 'fluent' : 'fluent+tls';
    this.#secrets = secrets;
  }

  static async start(options: { tls?: TlsOptions; secrets?: FluentSecrets } = {}): Promise<FluentReceiver> {
    const receiver = new FluentReceiver(options.tls, options.secrets);
    receiver.#server.on('tlsClientError', () => undefined);
    // includes connections whose TLS handshake fails
    receiver.#server.on('connection', (socket: Socket) => {
      receiver.#sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => receiver.#sockets.delete(socket));
    });
    receiver.#server.listen(0, '127.0.0.1');
    await once(receiver.#server, 'listening');
    return receiver;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo; // it listens on TCP
    return `${this.#scheme}://127.0.0.1:${port}`;
  }

  async received(count: number): Promise<void> {
    await eventually(() => this.records.length >= count);
  }

  /** Resolves when all senders have disconnected and all their bytes are read. */
  async disconnected(): Promise<void> {
    await eventually(() => this.#sockets.size === 0);
  }

  /** Closes all connections, as a receiver does with idle ones, and waits for their end. */
  async closeIdle(): Promise<void> {
    for (const socket of this.#sockets) socket.end();
    await eventually(() => this.#sockets.size === 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(socket: Socket): Promise<void> {
    socket.on('error', () => undefined);
    const messages = decodeMultiStream(socket);
    if (this.#secrets !== undefined) await this.#greet(socket, messages, this.#secrets);
    for await (const message of messages) {
      const behaviour = this.behaviour(++this.messages);
      const chunk = this.#read(
        message,
        behaviour === 'ack' || behaviour === 'ack, close' || behaviour.startsWith('taken'),
      );
      if (behaviour.endsWith('reset')) socket.resetAndDestroy();
      else if (behaviour === 'half') socket.end(encode({ ack: chunk }).subarray(0, 10));
      else if (behaviour === 'wrong') socket.write(encode({ ack: 'another' }));
      else if (behaviour !== 'hang') socket.write(encode({ ack: chunk }));
      if (behaviour === 'ack, close' || this.#secrets?.keepalive === false) socket.end();
    }
  }

  async #greet(socket: Socket, messages: AsyncGenerator<unknown>, secrets: FluentSecrets): Promise<void> {
    const { sharedKey, user = '', password = '', keepalive = true } = secrets;
    const nonce = randomBytes(16);
    const auth = user === '' ? new Uint8Array() : randomBytes(16);
    socket.write(encode(['HELO', { nonce, auth, keepalive }]));
    const { value } = await messages.next();
    const [kind, host, salt, digest, name, proof] = value as string[]; // each word is checked below
    const isKnown =
      kind === 'PING' &&
      digest === sha512(salt ?? '', host ?? '', nonce, sharedKey) &&
      (user === '' || (name === user && proof === sha512(auth, user, password)));
    const reason = isKnown ? '' : 'shared_key mismatch';
    socket.write(
      encode(['PONG', isKnown, reason, 'receiver', sha512(salt ?? '', 'receiver', nonce, sharedKey)]),
    );
    if (!isKnown) throw new Error(reason);
  }

  /** Returns the message's chunk. */
  #read(message: unknown, isKept: boolean): string {
    const [tag, entries, options] = message as [string, Uint8Array, { chunk: string; size: number }]; // checked below
    const read = [...decodeMulti(entries, { extensionCodec: extensions })] as Array<
      [ExtData, ReceivedRecord]
    >;
    const isRight =
      typeof tag === 'string' &&
      Buffer.from(options.chunk, 'base64').length === 16 &&
      options.size === read.length &&
      read.every(([time]) => time instanceof ExtData && time.type === 0);
    if (!isRight) this.faults.push(message);
    this.tags.add(tag);
    this.lastCount = isKept ? read.length : 0;
    for (const [time, record] of isKept ? read : []) {
      const bytes = Buffer.from(time.data as Uint8Array); // bytes, as the codec above makes it
      this.times.push([bytes.readUInt32BE(0), bytes.readUInt32BE(4)]);
      this.records.push(record);
    }
    return options.chunk;
  }
}
