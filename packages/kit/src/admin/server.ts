import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Server as NetServer } from 'node:net';
import type { Registry } from 'prom-client';
import { CodedError, describeError } from '../errors.ts';
import { formatHostPort, type HostPort } from '../options/kinds.ts';
import { boundConnections, isPipelined } from './connections.ts';
import type { Readiness } from './readiness.ts';

/** Answers one path of the admin port. Throwing makes a 500 with the error's one line. */
export type AdminHandler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

export interface AdminOptions {
  readonly name: string;
  readonly version: string;
  readonly listen: HostPort;
  readonly metrics: Registry;
  readonly readiness: Readiness;
  /** Further exact paths, or other answers for the usual ones. */
  readonly routes: ReadonlyMap<string, AdminHandler>;
}

export interface AdminServer extends AsyncDisposable {
  /** Where it really listens, as `HOST:PORT`. */
  readonly address: string;
}

/**
 * Serves `/livez`, `/readyz`, `/metrics` and `/` on a port of their own.
 * @throws CodedError `listen-failed`
 */
export async function startAdminServer(options: AdminOptions): Promise<AdminServer> {
  const standard = standardRoutes(options);
  const server = createServer((request, response) => {
    if (isPipelined(response)) return void request.socket.destroy();
    const path = new URL(request.url ?? '/', 'http://admin').pathname;
    const handler = options.routes.get(path) ?? standard.get(path);
    if (handler === undefined) return sendText(response, 404, 'not found\n');
    Promise.try(handler, request, response).catch((error: unknown) => {
      if (!response.headersSent) sendText(response, 500, `${describeError(error)}\n`);
      else response.destroy();
    });
  });
  boundConnections(server);
  // longer than the usual scrape interval, or every second scrape meets a reset
  server.keepAliveTimeout = 75_000;
  server.requestTimeout = 30_000;
  await listen(server, options.listen);
  const { address, port } = server.address() as AddressInfo; // a TCP server that listens has one
  return {
    address: formatHostPort({ host: address, port }),
    [Symbol.asyncDispose]: () => close(server),
  };
}

function standardRoutes({
  name,
  version,
  metrics,
  readiness,
  routes,
}: AdminOptions): Map<string, AdminHandler> {
  return new Map<string, AdminHandler>([
    ['/livez', (_, response) => sendText(response, 200, 'ok\n')],
    ['/readyz', (_, response) => sendJson(response, readiness.isReady ? 200 : 503, readiness.report())],
    [
      '/metrics',
      async (_, response) => {
        const body = await metrics.metrics();
        response.writeHead(200, { 'content-type': metrics.contentType }).end(body);
      },
    ],
    [
      '/',
      (_, response) => {
        const paths = new Set(['/livez', '/readyz', '/metrics', ...routes.keys()]);
        paths.delete('/');
        sendText(response, 200, `${name} ${version}\n\n${[...paths].join('\n')}\n`);
      },
    ],
  ]);
}

export function sendText(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(body);
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
}

/**
 * Listens, or says in one line why not.
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
