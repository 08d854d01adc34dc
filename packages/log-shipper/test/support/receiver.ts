import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, Server as SecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { eventually } from '@pod-patterns/kit/testing/eventually';

/** A record as it arrives; the tests' own lines also have `id` and `text`. */
export type ReceivedRecord = Readonly<Record<string, unknown>> & {
  readonly file: string;
  readonly offset: number;
};

export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  readonly lines: readonly string[];
}

/** Chooses the reply to a request, or writes the response itself and returns `handled`. */
export type Behaviour = (request: ReceivedRequest, response: ServerResponse) => Reply | Promise<Reply>;

export type Reply =
  | number
  | { status: number; headers?: Record<string, string>; body?: Buffer | string }
  | 'handled';

const decoders: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  gzip: gunzipSync,
  zstd: zstdDecompressSync,
};

/** An HTTP backend for NDJSON that keeps accepted records; tests set its `behaviour`. */
export class Receiver implements AsyncDisposable {
  /** Records accepted with 2xx, in order of arrival. */
  readonly records: ReceivedRecord[] = [];
  readonly requests: ReceivedRequest[] = [];
  behaviour: Behaviour = () => 200;
  /** Parses the records of a request. @throws if it breaks the protocol */
  read: (request: ReceivedRequest) => readonly ReceivedRecord[] = ({ lines }) =>
    lines.map((line) => JSON.parse(line));
  /** Protocol errors. */
  readonly faults: unknown[] = [];
  /** Number of connections so far. */
  connections = 0;
  readonly #server: Server | SecureServer;

  private constructor(server: Server | SecureServer) {
    this.#server = server;
  }

  /** Starts a receiver, over TLS if there is a certificate. */
  static async start(port = 0, tls?: SecureContextOptions & { requestCert?: boolean }): Promise<Receiver> {
    const server = tls === undefined ? createServer() : createSecureServer(tls);
    const receiver = new Receiver(server);
    server.on('connection', () => receiver.connections++);
    server.on('request', (request, response) => receiver.#take(request, response));
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port; // it listens on TCP
  }

  get url(): string {
    return `${this.#server instanceof SecureServer ? 'https' : 'http'}://127.0.0.1:${this.port}/logs`;
  }

  /** Resolves when `count` records have been accepted. */
  async received(count: number, timeoutMs = 30_000): Promise<void> {
    await eventually(() => this.records.length >= count, { timeoutMs }).catch(() => {
      throw new Error(`${this.records.length} of ${count} records within ${timeoutMs} ms`);
    });
  }

  /** Resolves when a record of this file has been accepted. */
  async receivedFrom(path: string): Promise<void> {
    await eventually(() => this.records.some(({ file }) => file === path));
  }

  /** Resolves when all senders have disconnected and all their bytes are read. */
  async disconnected(): Promise<void> {
    await eventually(
      () => new Promise((resolve) => this.#server.getConnections((_, count) => resolve(count === 0))),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer); // no encoding is set
    } catch {
      return; // the sender disconnected
    }
    const raw = Buffer.concat(chunks);
    const body = decoders[request.headers['content-encoding'] ?? '']?.(raw) ?? raw;
    const lines = body.toString().split('\n').slice(0, -1);
    const received = { path: request.url ?? '', headers: request.headers, body, lines };
    this.requests.push(received);
    const reply = await this.behaviour(received, response);
    if (reply === 'handled') return;
    const {
      status,
      headers,
      body: said,
    }: Exclude<Reply, number | 'handled'> = typeof reply === 'number' ? { status: reply } : reply;
    if (status < 300) this.accept(received);
    response.writeHead(status, headers).end(said);
  }

  accept(request: ReceivedRequest): void {
    try {
      this.records.push(...this.read(request));
    } catch (error) {
      this.faults.push(error);
    }
  }
}
