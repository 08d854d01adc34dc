import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The admin port of a container, as a real server with answers set by the test. */
export class AdminPort implements AsyncDisposable {
  readonly #server: Server;
  /** Response of `/readyz`; programs of this repository send `{ ready: true }`. */
  ready: { readonly status: number; readonly body: unknown } = { status: 200, body: { ready: true } };
  /** Response of `/status`, or of `/metrics` if it is a string. */
  status: unknown = {};
  isMute = false;
  asked = 0;
  /** Concurrent requests now, and their maximum. */
  #underWay = 0;
  mostAtOnce = 0;

  private constructor(program: string) {
    this.#server = createServer((request, response) => {
      this.asked++;
      this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#underWay);
      response.once('close', () => this.#underWay--);
      if (this.isMute) return;
      const { status, body } = request.url === '/readyz' ? this.ready : { status: 200, body: this.status };
      response.writeHead(status, { server: `${program}/7.8.9` });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  }

  static async start(program = 'redis-ambassador', port = 0): Promise<AdminPort> {
    const admin = new AdminPort(program);
    admin.#server.listen(port, '127.0.0.1');
    await once(admin.#server, 'listening');
    return admin;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port; // a TCP server that listens has one
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

export function ambassadorStatus(commands: number, over: object = {}) {
  return {
    clients: 1,
    commands: { total: commands },
    upstream: { state: 'up' },
    topology: { kind: 'standalone', nodes: [{ address: 'redis.pod-patterns.svc:6379', latencyMs: 0.3 }] },
    ...over,
  };
}
