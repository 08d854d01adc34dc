import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The connections and requests that a server has open, and the means to bring them to a good end. */
export class OpenRequests {
  readonly #server: Server;
  readonly #handler: RequestListener;
  readonly #sockets = new Set<Socket>();
  readonly #responses = new Set<ServerResponse>();
  #held: Array<() => void> | undefined;
  #isEnding = false;
  #connectionCount = 0;

  constructor(server: Server, handler: RequestListener) {
    this.#server = server;
    this.#handler = handler;
    server.on('connection', (socket: Socket) => {
      this.#connectionCount++;
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    server.on('request', (request, response) => this.#take(request, response));
  }

  /** Connections that were ever taken. */
  get connectionCount(): number {
    return this.#connectionCount;
  }

  /** Every answer that has not begun yet, and all to come, end their connection. */
  endAll(): void {
    this.#isEnding = true;
    for (const response of this.#responses) endConnection(response);
  }

  /** Lets requests wait that come from now on. */
  hold(): void {
    this.#held ??= [];
  }

  /** Gets on with those that wait. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const handle of held) handle();
  }

  /** Closes the connections on which nothing is under way. */
  closeIdle(): void {
    this.#server.closeIdleConnections();
    // Node takes a connection that has never sent anything for a busy one
    for (const socket of this.#sockets) if (socket.bytesRead === 0) socket.destroy();
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    this.#responses.add(response);
    response.on('close', () => this.#responses.delete(response));
    if (this.#isEnding) endConnection(response);
    if (this.#held !== undefined) this.#held.push(() => this.#handler(request, response));
    else this.#handler(request, response);
  }
}

function endConnection(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close');
}
