import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { formatHostPort, type HostPort, listen } from '@pod-patterns/kit';
import { answerClientError } from './client-error.ts';

export interface DrainingServerOptions {
  readonly listen: HostPort;
  readonly handler: RequestListener;
  /** How long connections are still taken once a stop was asked for. */
  readonly drainDelayMs: number;
  /** Aborts when the time to drain is over. */
  readonly cut: AbortSignal;
}

export interface DrainingServer extends AsyncDisposable {
  /** Where it really listens, as `HOST:PORT`. */
  readonly address: string;
}

/** A client whose connection is kept alive gets this long to send one more request before it is closed. */
const idleGraceMs = 500;

/**
 * An HTTP server whose end fails no request: every answer from then on says `Connection: close`, also on
 * connections that were idle, because a request may be on its way over them.
 * @throws CodedError `listen-failed`
 */
export async function startDrainingServer(options: DrainingServerOptions): Promise<DrainingServer> {
  const server = createServer({ maxHeaderSize, requestTimeout: 30_000, headersTimeout: 15_000 });
  // longer than a load balancer keeps its side, or it meets a reset where it reuses a connection
  server.keepAliveTimeout = 75_000;
  server.on('clientError', answerClientError);
  const open = trackOpen(server);
  server.on('request', options.handler);
  await listen(server, options.listen);
  const { address, port } = server.address() as AddressInfo; // a TCP server that listens has one
  return {
    address: formatHostPort({ host: address, port }),
    [Symbol.asyncDispose]: () => drain(server, open, options),
  };
}

/** Room for a request line of 8,000 characters, which is answered, and for the headers of a proxy. */
const maxHeaderSize = 32 * 1024;

interface Open {
  readonly sockets: ReadonlySet<Socket>;
  /** From now on every answer ends its connection. */
  endAll(): void;
}

function trackOpen(server: Server): Open {
  const sockets = new Set<Socket>();
  const responses = new Set<ServerResponse>();
  let isEnding = false;
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('request', (_, response: ServerResponse) => {
    if (isEnding) return response.setHeader('connection', 'close');
    responses.add(response);
    return response.once('close', () => responses.delete(response));
  });
  return {
    sockets,
    endAll: () => {
      isEnding = true;
      for (const response of responses) {
        if (!response.headersSent) response.setHeader('connection', 'close');
      }
    },
  };
}

async function drain(
  server: Server,
  open: Open,
  { drainDelayMs, cut }: DrainingServerOptions,
): Promise<void> {
  open.endAll();
  await delay(drainDelayMs, undefined, { signal: cut }).catch(() => {});
  // what the kernel has accepted already comes in with this turn of the loop; a closed listener would reset it
  await new Promise(setImmediate);
  const closed = new Promise((resolve) => {
    // not `server.close()`, which ends idle connections at once and with them a request that is on its way
    NetServer.prototype.close.call(server, resolve);
  });
  const cutAll = () => server.closeAllConnections();
  cut.addEventListener('abort', cutAll);
  if (cut.aborted) cutAll();
  const grace = setTimeout(() => closeIdle(server, open), idleGraceMs);
  // an answer whose headers were out before the stop leaves its connection open once more
  const sweep = setInterval(() => server.closeIdleConnections(), idleGraceMs * 2);
  await closed;
  clearTimeout(grace);
  clearInterval(sweep);
  cut.removeEventListener('abort', cutAll);
}

function closeIdle(server: Server, { sockets }: Open): void {
  server.closeIdleConnections();
  // Node takes a connection that has never sent anything for a busy one
  for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
}
