import type { ServerResponse } from 'node:http';
import { type AdminHandler, describeError, pathOf, sendJson, sendText } from '@pod-patterns/kit';
import { assets } from '../page/assets.ts';
import type { Drawing } from '../page/page.ts';
import type { PodWatch } from '../pod/watch.ts';
import { isOurHost, isOurOrigin } from './hosts.ts';
import { type StreamParts, streamOf } from './stream.ts';

export interface ServeParts extends StreamParts {
  readonly watch: Pick<PodWatch, 'current' | 'subscribe'>;
  readonly drawing: Drawing;
  /** Traffic that the buttons can send, by name; empty without `--app`. */
  readonly makers: ReadonlyMap<string, () => Promise<string>>;
  /** Names that are answered to, beside loopback. */
  readonly hosts: readonly string[];
}

interface Route {
  readonly method: 'GET' | 'POST';
  readonly answer: AdminHandler;
}

const headers = {
  // the page's own stylesheet, script and event stream, nothing inline, no other host
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/** Answers a request of the data port. */
export function answerWith(parts: ServeParts): AdminHandler {
  const routes = routesOf(parts);
  return (request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const { method = '' } = request;
    const { host, origin } = request.headers;
    if (!isOurHost(host, parts.hosts))
      return sendText(response, 403, 'answers to localhost only; --host (PAGE_HOSTS) allows another name\n');
    const route = routes.get(pathOf(request.url));
    if (route === undefined) return sendText(response, 404, 'not found\n');
    const allowed = route.method === 'GET' ? ['GET', 'HEAD'] : ['POST'];
    if (!allowed.includes(method)) {
      response.setHeader('allow', allowed.join(', '));
      return sendText(response, 405, `only ${allowed.join(', ')}\n`);
    }
    if (route.method === 'POST' && !isOurOrigin(origin, host))
      return sendText(response, 403, 'only the page itself may send this request\n');
    return route.answer(request, response);
  };
}

function routesOf(parts: ServeParts): ReadonlyMap<string, Route> {
  const { watch, drawing, makers } = parts;
  const get = (answer: AdminHandler): Route => ({ method: 'GET', answer });
  const asset = (type: string, text: string) => get((_, response) => send(response, type, text));
  return new Map<string, Route>([
    ['/', get(async (_, response) => send(response, 'text/html', drawing.page(await watch.current())))],
    ['/page.css', asset('text/css', assets.css)],
    ['/page.js', asset('text/javascript', assets.js)],
    ['/icon.svg', asset('image/svg+xml', assets.icon)],
    ['/api/pod', get(async (_, response) => sendJson(response, 200, await watch.current()))],
    ['/events', get(streamOf('pod', JSON.stringify, parts))],
    ['/picture', get(streamOf('picture', drawing.picture, parts))],
    ...[...makers].map(([what, make]): [string, Route] => [
      `/api/make/${what}`,
      { method: 'POST', answer: async (_, response) => tell(response, await make().catch(unasked)) },
    ]),
  ]);
}

/** Always 200: a failure of the application is not an error of the page, nor of the browser's console. */
function tell(response: ServerResponse, said: string): void {
  sendJson(response, 200, { said });
}

function unasked(error: unknown): string {
  return `No answer from the application: ${describeError(error)}.`;
}

function send(response: ServerResponse, type: string, text: string): void {
  const body = Buffer.from(text);
  response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, 'content-length': body.length });
  response.end(body);
}
