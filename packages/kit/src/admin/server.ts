import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Server as NetServer } from 'node:net';
import type { Registry } from 'prom-client';
import { CodedError, describeError } from '../errors.ts';
import { maskText, maskTexts } from '../mask/mask-text.ts';
import { formatHostPort, type HostPort } from '../options/readers.ts';
import { judge } from './access.ts';
import { boundConnections, isPipelined } from './connections.ts';
import type { Readiness } from './readiness.ts';
import { requestFault } from './request-fault.ts';
import { type AdminHandler, type AdminRoute, methodsOf, pathOf } from './route.ts';
import { shareWhileRunning } from './share-while-running.ts';

export interface AdminOptions {
  readonly name: string;
  readonly version: string;
  readonly listen: HostPort;
  readonly metrics: Registry;
  readonly readiness: Readiness;
  /** Further exact paths, or other answers for the usual ones. */
  readonly routes: ReadonlyMap<string, AdminRoute>;
  /** Whether what is for callers on loopback is for everyone. */
  readonly isOpenToAll: boolean;
}

export interface AdminServer extends AsyncDisposable {
  /** Where it really listens, as `HOST:PORT`. */
  readonly address: string;
}

/** A listener for callers who may be anybody: what they send is short, and so is the time they may take. */
const limits = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
  // longer than the usual scrape interval, or every second scrape meets a reset
  keepAliveTimeout: 75_000,
  // `requestFault` looks at it, and says what is wrong
  requireHostHeader: false,
} as const;
/** A peer that neither reads nor writes is let go. */
const silentMs = 60_000;
/** Also of requests that are sent at once, without waiting for answers. */
const maxRequestsPerConnection = 100;

/**
 * Serves `/livez`, `/readyz`, `/metrics` and `/` on a port of their own. No request ends the process.
 * @throws CodedError `listen-failed`
 */
export async function startAdminServer(options: AdminOptions): Promise<AdminServer> {
  const standard = standardRoutes(options);
  const server = createServer(limits, (request, response) => {
    if (isPipelined(response)) return void request.socket.destroy();
    response.on('error', () => response.destroy());
    const fault = requestFault(request);
    if (fault !== undefined) {
      response.setHeader('connection', 'close');
      return sendText(response, fault.status, `${fault.detail}\n`);
    }
    Promise.try(() => {
      const path = pathOf(request.url);
      return answer(options.routes.get(path) ?? standard.get(path), options.isOpenToAll, {
        request,
        response,
      });
    }).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendText(response, 500, `${describeError(error)}\n`);
    });
  });
  server.timeout = silentMs;
  server.maxRequestsPerSocket = maxRequestsPerConnection;
  boundConnections(server);
  await listen(server, options.listen);
  const { address, port } = server.address() as AddressInfo; // a TCP server that listens has one
  return {
    address: formatHostPort({ host: address, port }),
    [Symbol.asyncDispose]: () => close(server),
  };
}

const notLocal =
  'only for callers on loopback (the pod itself, kubectl port-forward); --admin-open (ADMIN_OPEN=true) opens it to everyone\n';

function answer(
  route: AdminRoute | undefined,
  isOpenToAll: boolean,
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
): void | Promise<void> {
  const { method = '', headers, socket } = request;
  const caller = { address: socket.remoteAddress, method, origin: headers.origin };
  const verdict = judge(route, caller, isOpenToAll);
  if (verdict === 'not-local') return sendText(response, 403, notLocal);
  if (verdict === 'web-page') return sendText(response, 403, 'not for web pages of another origin\n');
  if (route === undefined) return sendText(response, 404, 'not found\n');
  if (verdict === 'answer') return route.answer(request, response);
  const allow = [methodsOf(route)].flat().join(', ');
  response.setHeader('allow', allow);
  return sendText(response, 405, `only ${allow}\n`);
}

function standardRoutes({
  name,
  version,
  metrics,
  readiness,
  routes,
}: AdminOptions): Map<string, AdminRoute> {
  const exposition = shareWhileRunning(() => metrics.metrics());
  const list: AdminHandler = (_, response) => {
    const paths = new Set(['/livez', '/readyz', '/metrics', ...routes.keys()]);
    paths.delete('/');
    sendText(response, 200, `${name} ${version}\n\n${[...paths].join('\n')}\n`);
  };
  const ready: AdminHandler = (_, response) =>
    sendJson(response, readiness.isReady ? 200 : 503, readiness.report());
  const scrape: AdminHandler = async (_, response) => {
    const body = await exposition();
    response.writeHead(200, { 'content-type': metrics.contentType }).end(body);
  };
  return new Map<string, AdminRoute>([
    ['/livez', { isOpen: true, answer: (_, response) => sendText(response, 200, 'ok\n') }],
    ['/readyz', { isOpen: true, answer: ready }],
    ['/metrics', { isOpen: true, answer: scrape }],
    ['/', { answer: list }],
  ]);
}

/** Answers with text, without the secrets that it can be seen to hold. */
export function sendText(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(maskText(body));
}

/** Answers with JSON, without the secrets that can be seen in its texts. */
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
      // from here on an error is a connection that could not be taken: those that there are go on
      server.on('error', () => {});
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    // a scrape that is under way gets a moment; a peer that never reads must not hold the stop up
    setTimeout(() => server.closeAllConnections(), 500).unref();
  });
}
