import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The data port of an application, which records its requests. */
export class AppPort implements AsyncDisposable {
  readonly #requests: string[] = [];
  #answer: { readonly status: number; readonly body: object } = { status: 200, body: {} };
  readonly #server = createServer((request, response) => {
    this.#requests.push(`${request.method} ${request.url}`);
    const { status, body } = this.#answer;
    request.resume();
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });

  static async start(): Promise<AppPort> {
    const app = new AppPort();
    app.#server.listen(0, '127.0.0.1');
    await once(app.#server, 'listening');
    return app;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`; // a TCP server that listens has one
  }

  /** Number of requests that begin like this. */
  asked(beginning: string): number {
    return this.#requests.filter((request) => request.startsWith(beginning)).length;
  }

  /** Sends this response until the end of the scope. */
  answers(status: number, body: object): AsyncDisposable {
    const before = this.#answer;
    this.#answer = { status, body };
    return {
      [Symbol.asyncDispose]: async () => {
        this.#answer = before;
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
