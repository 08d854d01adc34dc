import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { originForm } from '@pod-patterns/kit';

/** Reason for closing a connection or refusing a request; both are bounded. */
export type Overload = 'idle' | 'connections' | 'requests' | 'pipeline';

export interface OpenBounds {
  readonly maxConnections: number;
  /** Requests being answered at a time, on all connections. */
  readonly maxRequests: number;
  readonly onOverload: (reason: Overload) => void;
  /** Answers a request for which there is no room. */
  readonly refuse: RequestListener;
}

/** Pipelined requests that may wait on one connection; thousands would fit in one packet. */
const maxPipelined = 32;

interface Connection {
  /** The latest request in progress. */
  latest: ServerResponse | undefined;
  underWay: number;
  usedAt: number;
}

/** Open connections and requests of a server, with their limits and their drain. */
export class OpenRequests {
  readonly #server: Server;
  readonly #handler: RequestListener;
  readonly #bounds: OpenBounds;
  /**
   * Not a set of responses: a table that changes with every request is reallocated all the time, and each old table keeps
   * its entries alive until it is collected.
   */
  readonly #open = new Map<Socket, Connection>();
  #requestCount = 0;
  #held: Array<() => void> | undefined;
  #isEnding = false;
  #connectionCount = 0;

  constructor(server: Server, handler: RequestListener, bounds: OpenBounds) {
    this.#server = server;
    this.#handler = handler;
    this.#bounds = bounds;
    server.on('connection', (socket: Socket) => this.#admit(socket));
    const take: RequestListener = (request, response) => this.#take(request, response);
    // the last two are for requests with `Expect`, which the application answers
    for (const event of ['request', 'checkContinue', 'checkExpectation']) server.on(event, take);
  }

  /** Connections accepted since the start. */
  get connectionCount(): number {
    return this.#connectionCount;
  }

  /** Makes every response that has not begun, and all later ones, end their connection. */
  endAll(): void {
    this.#isEnding = true;
    for (const { latest } of this.#open.values()) endConnection(latest);
  }

  /** Holds requests that arrive from now on. */
  hold(): void {
    this.#held ??= [];
  }

  /** Handles the held requests. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const handle of held) handle();
  }

  /** Closes connections without a request in progress. */
  closeIdle(): void {
    this.#server.closeIdleConnections();
    // Node takes a connection that has never sent anything for a busy one
    for (const socket of this.#open.keys()) if (socket.bytesRead === 0) socket.destroy();
  }

  /** Accepts a connection; beyond the limit, closes the longest idle one. */
  #admit(socket: Socket): void {
    this.#connectionCount++;
    if (this.#open.size >= this.#bounds.maxConnections) {
      const idle = this.#longestIdle();
      this.#bounds.onOverload(idle === undefined ? 'connections' : 'idle');
      (idle ?? socket).destroy();
      if (idle === undefined) return;
      this.#forget(idle);
    }
    this.#open.set(socket, { latest: undefined, underWay: 0, usedAt: performance.now() });
    socket.once('close', () => this.#forget(socket));
  }

  #longestIdle(): Socket | undefined {
    let longest: Socket | undefined;
    let since = Number.POSITIVE_INFINITY;
    for (const [socket, { underWay, usedAt }] of this.#open) {
      if (underWay === 0 && usedAt < since) [longest, since] = [socket, usedAt];
    }
    return longest;
  }

  /** Including requests that will get no answer any more. */
  #forget(socket: Socket): void {
    this.#requestCount -= this.#open.get(socket)?.underWay ?? 0;
    this.#open.delete(socket);
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    const connection = this.#open.get(socket);
    // it was cut off, and these requests were in the same packet
    if (connection === undefined) return;
    if (connection.underWay >= maxPipelined) {
      this.#cut(socket);
      return;
    }
    const isRoom = this.#requestCount < this.#bounds.maxRequests;
    if (!isRoom) this.#bounds.onOverload('requests');
    this.#begin(connection, response);
    const handler = isRoom ? this.#handler : this.#bounds.refuse;
    const handle = () => attempt(handler, request, response);
    if (this.#held !== undefined) this.#held.push(handle);
    else handle();
  }

  #begin(connection: Connection, response: ServerResponse): void {
    const before = connection.latest;
    connection.latest = response;
    connection.underWay++;
    connection.usedAt = performance.now();
    this.#requestCount++;
    const { socket } = response.req;
    response.on('close', () => {
      if (!this.#open.has(socket)) return;
      this.#requestCount--;
      connection.underWay--;
      if (connection.latest === response) connection.latest = undefined;
    });
    if (!this.#isEnding) return;
    // of requests that were sent without waiting for an answer the last one ends the connection
    if (before !== undefined && !before.headersSent) before.removeHeader('connection');
    endConnection(response);
  }

  #cut(socket: Socket): void {
    this.#bounds.onOverload('pipeline');
    this.#forget(socket);
    socket.destroy();
  }
}

function endConnection(response: ServerResponse | undefined): void {
  if (response?.headersSent === false) response.setHeader('connection', 'close');
}

/** Hands a request on. An error in it ends its connection, never the process. */
function attempt(handler: RequestListener, request: IncomingMessage, response: ServerResponse): void {
  response.on('error', () => response.destroy());
  // Express reads other forms with `url.parse`, which may throw
  request.url = originForm(request.url);
  try {
    handler(request, response);
  } catch {
    response.destroy();
  }
}
