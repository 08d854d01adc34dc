import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { originForm } from '@pod-patterns/kit';

/** The connections and requests that a server has open, and the means to bring them to a good end. */
export class OpenRequests {
  readonly #server: Server;
  readonly #handler: RequestListener;
  /**
   * Each connection with the latest request on it that is under way. Not a set of responses: a table that entries come
   * to and leave from with every request is made anew all the time, and each old one keeps, for the garbage collector,
   * all that was in it.
   */
  readonly #latest = new Map<Socket, ServerResponse | undefined>();
  #held: Array<() => void> | undefined;
  #isEnding = false;
  #connectionCount = 0;

  constructor(server: Server, handler: RequestListener) {
    this.#server = server;
    this.#handler = handler;
    server.on('connection', (socket: Socket) => {
      this.#connectionCount++;
      this.#latest.set(socket, undefined);
      socket.once('close', () => this.#latest.delete(socket));
    });
    const take: RequestListener = (request, response) => this.#take(request, response);
    // the last two are for requests with `Expect`, which the application answers
    for (const event of ['request', 'checkContinue', 'checkExpectation']) server.on(event, take);
  }

  /** Connections that were ever taken. */
  get connectionCount(): number {
    return this.#connectionCount;
  }

  /** Every answer that has not begun yet, and all to come, end their connection. */
  endAll(): void {
    this.#isEnding = true;
    for (const response of this.#latest.values()) endConnection(response);
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
    for (const socket of this.#latest.keys()) if (socket.bytesRead === 0) socket.destroy();
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    const before = this.#latest.get(socket);
    this.#latest.set(socket, response);
    response.on('close', () => {
      if (this.#latest.get(socket) === response) this.#latest.set(socket, undefined);
    });
    if (this.#isEnding) {
      // of requests that were sent without waiting for an answer the last one ends the connection
      if (before !== undefined && !before.headersSent) before.removeHeader('connection');
      endConnection(response);
    }
    if (this.#held !== undefined) this.#held.push(() => this.#handle(request, response));
    else this.#handle(request, response);
  }

  /** What goes wrong in here ends this connection, never the process. */
  #handle(request: IncomingMessage, response: ServerResponse): void {
    response.on('error', () => response.destroy());
    // Express reads other forms with `url.parse`, which may throw
    request.url = originForm(request.url);
    try {
      this.#handler(request, response);
    } catch {
      response.destroy();
    }
  }
}

function endConnection(response: ServerResponse | undefined): void {
  if (response?.headersSent === false) response.setHeader('connection', 'close');
}
