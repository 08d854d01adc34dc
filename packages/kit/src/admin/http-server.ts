import {
  createServer as createHttpServer,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Server as NetServer } from 'node:net';
import { CodedError, describeError } from '../errors.ts';
import { maskText, maskTexts } from '../mask/mask-text.ts';
import { formatHostPort, type HostPort } from '../options/readers.ts';
import { boundConnections, isPipelined } from './connections.ts';
import type { AdminGuard } from './guard.ts';
import { requestFault } from './request-fault.ts';
import type { AdminHandler } from './route.ts';

export interface HttpServer extends AsyncDisposable {
  /** Where it really listens, as `HOST:PORT`. */
  readonly address: string;
}

/** A listener for untrusted callers: requests are short, and so are their deadlines. */
const limits = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
  // longer than the usual scrape interval, or every second scrape meets a reset
  keepAliveTimeout: 75_000,
  // `requestFault` checks it, and names the fault
  requireHostHeader: false,
} as const;
/** Deadline of a peer that neither reads nor writes. */
const silentMs = 60_000;
const renewEveryMs = 60_000;
/** Also of requests that are sent at once, without waiting for answers. */
const maxRequestsPerConnection = 100;

/**
 * Serves short requests of untrusted callers. No request ends the process: a throw is answered with 500.
 * @throws CodedError `listen-failed`
 */
export async function startHttpServer(
  where: HostPort,
  answer: AdminHandler,
  guard?: Pick<AdminGuard, 'tls' | 'certificate'>,
): Promise<HttpServer> {
  const server = await createServer(guard, (request, response) => {
    if (isPipelined(response)) return void request.socket.destroy();
    response.on('error', () => response.destroy());
    const fault = requestFault(request);
    if (fault !== undefined) {
      response.setHeader('connection', 'close');
      return sendText(response, fault.status, `${fault.detail}\n`);
    }
    Promise.try(() => answer(request, response)).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendText(response, 500, `${describeError(error)}\n`);
    });
  });
  server.timeout = silentMs;
  server.maxRequestsPerSocket = maxRequestsPerConnection;
  boundConnections(server);
  await listen(server, where);
  const { address, port } = server.address() as AddressInfo; // a TCP server that listens has one
  return {
    address: formatHostPort({ host: address, port }),
    [Symbol.asyncDispose]: () => close(server),
  };
}

async function createServer(
  guard: Pick<AdminGuard, 'tls' | 'certificate'> | undefined,
  listener: RequestListener,
): Promise<Server> {
  if (guard?.tls === undefined) return createHttpServer(limits, listener);
  const { createServer: createHttpsServer } = await import('node:https');
  const server = createHttpsServer({ ...limits, ...guard.tls }, listener);
  let certificate = guard.certificate();
  const renewal = setInterval(() => {
    const renewed = guard.certificate();
    if (renewed !== certificate) server.setSecureContext(renewed);
    certificate = renewed;
  }, renewEveryMs).unref();
  return server.once('close', () => clearInterval(renewal));
}

/** Answers with text, its recognizable secrets hidden. */
export function sendText(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(maskText(body));
}

/** Answers with JSON, its recognizable secrets hidden. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(`${JSON.stringify(maskTexts(body))}\n`);
}

/**
 * Listens, or says in one line why not. A connection that cannot be accepted later does not end the process.
 * @throws CodedError `listen-failed`
 */
export function listen(server: NetServer, { host, port }: HostPort): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (cause: Error) => {
      const where = formatHostPort({ host, port });
      reject(
        new CodedError('listen-failed', `cannot listen on ${where}: ${describeError(cause)}`, { cause }),
      );
    };
    server.once('error', fail);
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      server.off('error', fail);
      // from here on an error is a failed accept; open connections continue
      server.on('error', () => {});
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    // a scrape in progress gets a moment; a peer that never reads must not delay the stop
    setTimeout(() => server.closeAllConnections(), 500).unref();
  });
}
