import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, Server as NetServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { formatHostPort, type HostPort, listen } from '@pod-patterns/kit';
import { answerClientError, refuseOverload, refuseTunnel } from './client-error.ts';
import { type OpenBounds, OpenRequests } from './open-requests.ts';

export interface DrainingServerOptions {
  readonly listen: HostPort;
  readonly handler: RequestListener;
  readonly bounds: Omit<OpenBounds, 'refuse'>;
  /** How long connections are still taken once a stop was asked for. */
  readonly drainDelayMs: number;
  /** Aborts when the time to drain is over. */
  readonly cut: AbortSignal;
}

export interface DrainingServer extends AsyncDisposable {
  /** Where it really listens, as `HOST:PORT`. */
  readonly address: string;
}

/** An idle connection gets this long to send one more request before it is closed. */
const idleGraceMs = 500;

/** The listener closes after this long without a new connection … */
const quietMs = 100;
/** … or after this time. */
const quietWithinMs = 500;

/**
 * An HTTP server whose end fails no request: every answer from then on says `Connection: close`, also on
 * connections that were idle, because a request may be on its way over them.
 * @throws CodedError `listen-failed`
 */
export async function startDrainingServer(options: DrainingServerOptions): Promise<DrainingServer> {
  const server = createServer({
    maxHeaderSize,
    requestTimeout: 30_000,
    headersTimeout: 15_000,
    // the application checks it and answers with problem details
    requireHostHeader: false,
  });
  // longer than a load balancer keeps its side, or it meets a reset where it reuses a connection
  server.keepAliveTimeout = 75_000;
  server.on('clientError', answerClientError).on('connect', refuseTunnel);
  const open = new OpenRequests(server, options.handler, { ...options.bounds, refuse: refuseOverload });
  await listen(server, options.listen);
  const { address, port } = server.address() as AddressInfo; // a TCP server that listens has one
  return {
    address: formatHostPort({ host: address, port }),
    [Symbol.asyncDispose]: () => drain(server, open, options),
  };
}

/** Room for a request line of 8,000 characters, which is answered, and for the headers of a proxy. */
const maxHeaderSize = 32 * 1024;

async function drain(
  server: Server,
  open: OpenRequests,
  { drainDelayMs, cut }: DrainingServerOptions,
): Promise<void> {
  const cutAll = () => server.closeAllConnections();
  cut.addEventListener('abort', cutAll);
  if (drainDelayMs > 0) {
    open.endAll();
    await waitUnlessCut(drainDelayMs, cut);
  }
  const closed = await stopListening(server, open, cut);
  if (cut.aborted) cutAll();
  const grace = setTimeout(() => open.closeIdle(), idleGraceMs);
  // a response whose headers were sent before the stop leaves its connection open
  const sweep = setInterval(() => server.closeIdleConnections(), idleGraceMs * 2);
  await closed.all;
  clearTimeout(grace);
  clearInterval(sweep);
  cut.removeEventListener('abort', cutAll);
}

/**
 * Closes the listener without cutting off clients: the kernel resets connections that were not accepted yet.
 * So requests are held until no new connections arrive: a client that reconnects now waits on an open connection.
 * Resolves with a promise for the end of the last connection.
 */
async function stopListening(
  server: Server,
  open: OpenRequests,
  cut: AbortSignal,
): Promise<{ readonly all: Promise<unknown> }> {
  open.hold();
  const giveUpAt = performance.now() + quietWithinMs;
  for (let seen = -1; seen !== open.connectionCount && performance.now() < giveUpAt && !cut.aborted; ) {
    seen = open.connectionCount;
    await waitUnlessCut(quietMs, cut);
  }
  // right after new connections were taken in
  await new Promise(setImmediate);
  const all = new Promise((resolve) => {
    // not `server.close()`, which ends idle connections at once and with them a request that is on its way
    NetServer.prototype.close.call(server, resolve);
  });
  open.endAll();
  open.release();
  return { all };
}

function waitUnlessCut(ms: number, cut: AbortSignal): Promise<void> {
  return delay(ms, undefined, { signal: cut }).catch(() => {});
}
