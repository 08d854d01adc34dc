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
  isMute = false;
  asked = 0;
  readonly traces: unknown[] = [];

  private constructor() {
    this.#server = createServer((request, response) => {
      this.asked++;
      this.traces.push(request.headers['traceparent']);
      if (this.isMute) return;
      const answer = request.url === '/readyz' ? this.ready : { status: 200, body: this.status };
      response
        .writeHead(answer.status, { 'content-type': 'application/json' })
        .end(JSON.stringify(answer.body));
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
