import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import type { HostPort } from '../options/readers.ts';
import { judge } from './access.ts';
import type { AdminGuard } from './guard.ts';
import { type HttpServer, sendJson, sendText, startHttpServer } from './http-server.ts';
import type { Readiness } from './readiness.ts';
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
  /** Whether everyone may use the paths for loopback. */
  readonly isOpenToAll: boolean;
  readonly guard?: AdminGuard | undefined;
}

/**
 * Serves `/livez`, `/readyz`, `/metrics` and `/` on a port of their own; the header `Server` names the program.
 * @throws CodedError `listen-failed`
 */
export function startAdminServer(options: AdminOptions): Promise<HttpServer> {
  const { name, version, routes, isOpenToAll, guard } = options;
  const standard = standardRoutes(options);
  const handle: AdminHandler = async (request, response) => {
    response.setHeader('server', `${name}/${version}`);
    for (const [header, value] of Object.entries(guard?.headers ?? {})) response.setHeader(header, value);
    if (guard !== undefined && !(await guard.admits(request))) return refuse(response);
    const path = pathOf(request.url);
    return answer(routes.get(path) ?? standard.get(path), isOpenToAll, { request, response });
  };
  return startHttpServer(options.listen, handle, guard);
}

function refuse(response: ServerResponse): void {
  response.setHeader('www-authenticate', 'Basic');
  sendText(response, 401, 'Unauthorized\n');
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
