import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The admin port of a helper, as a real server that says what it is told to say. */
export class AdminPort implements AsyncDisposable {
  readonly #server: Server;
  ready: { readonly status: number; readonly body: unknown } = {
    status: 200,
    body: { ready: true, reasons: {} },
  };
  status: unknown = {};
  /** In place of `status`, as it is. */
  statusText: string | undefined;
  isMute = false;
  asked = 0;
  readonly traces: unknown[] = [];

  private constructor() {
    this.#server = createServer((request, response) => {
      this.asked++;
      this.traces.push(request.headers['traceparent']);
      if (this.isMute) return;
      const isReady = request.url === '/readyz';
      const { status, body } = isReady ? this.ready : { status: 200, body: this.status };
      const text = isReady ? undefined : this.statusText;
      response.writeHead(status, { 'content-type': 'application/json' }).end(text ?? JSON.stringify(body));
    });
  }

  static async start(): Promise<AdminPort> {
    const port = new AdminPort();
    port.#server.listen(0, '127.0.0.1');
    await once(port.#server, 'listening');
    return port;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo; // a TCP server that listens has one
    return `http://127.0.0.1:${port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
