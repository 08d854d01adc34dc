import type { ServerResponse } from 'node:http';
import { type AdminHandler, describeError, pathOf, sendJson, sendText } from '@pod-patterns/kit';
import type { Assets } from '../page/assets.ts';
import type { PodState } from '../pod/container.ts';
import type { PodWatch } from '../pod/watch.ts';
import { isOurHost, isOurOrigin } from './hosts.ts';
import type { Made, Maker } from './make.ts';
import { type StreamParts, streamOf } from './stream.ts';

export interface ServeParts extends StreamParts {
  readonly watch: Pick<PodWatch, 'current' | 'subscribe'>;
  readonly assets: Assets;
  readonly drawPage: (pod: PodState) => string;
  readonly drawPicture: (pod: PodState) => string;
  /** Undefined where nobody has said which application to ask. */
  readonly maker: Maker | undefined;
  /** Names that are answered to, beside loopback. */
  readonly hosts: readonly string[];
}

interface Route {
  readonly method: 'GET' | 'POST';
  readonly answer: AdminHandler;
}

/** The page's own stylesheet, script and event stream, nothing inline, no other host. */
const policy =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Answers a request of the data port. */
export function answerWith(parts: ServeParts): AdminHandler {
  const routes = routesOf(parts);
  return (request, response) => {
    response.setHeader('content-security-policy', policy);
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('referrer-policy', 'no-referrer');
    response.setHeader('cache-control', 'no-store');
    const { method = '', headers } = request;
    if (!isOurHost(headers.host, parts.hosts))
      return sendText(response, 403, 'only for localhost; --host (PAGE_HOSTS) allows another name\n');
    const route = routes.get(pathOf(request.url));
    if (route === undefined) return sendText(response, 404, 'not found\n');
    const allowed = route.method === 'GET' ? ['GET', 'HEAD'] : ['POST'];
    if (!allowed.includes(method)) {
      response.setHeader('allow', allowed.join(', '));
      return sendText(response, 405, `only ${allowed.join(', ')}\n`);
    }
    if (route.method === 'POST' && !isOurOrigin(headers.origin, headers.host))
      return sendText(response, 403, 'only for this page itself\n');
    return route.answer(request, response);
  };
}

function routesOf(parts: ServeParts): ReadonlyMap<string, Route> {
  const { watch, assets, drawPage, drawPicture, maker } = parts;
  const get = (answer: AdminHandler): Route => ({ method: 'GET', answer });
  const asset = (type: string, text: string) => get((_, response) => send(response, type, text));
  return new Map<string, Route>([
    ['/', get(async (_, response) => send(response, 'text/html', drawPage(await watch.current())))],
    ['/page.css', asset('text/css', assets.css)],
    ['/page.js', asset('text/javascript', assets.js)],
    ['/icon.svg', asset('image/svg+xml', assets.icon)],
    ['/api/pod', get(async (_, response) => sendJson(response, 200, await watch.current()))],
    ['/events', get(streamOf('pod', (pod) => JSON.stringify(pod), parts))],
    ['/picture', get(streamOf('picture', drawPicture, parts))],
    ...(maker === undefined ? [] : makingRoutes(maker)),
  ]);
}

function makingRoutes(maker: Maker): Array<[string, Route]> {
  return (['view', 'steady', 'error', 'burst'] as const).map((what) => [
    `/api/make/${what}`,
    { method: 'POST', answer: (_, response) => make(response, () => maker[what]()) },
  ]);
}

async function make(response: ServerResponse, act: () => Promise<Made | undefined>): Promise<void> {
  try {
    const made = await act();
    // not an error of the browser's: the page says it
    sendJson(response, made === undefined ? 409 : 200, made ?? { said: 'There is a burst under way.' });
  } catch (error) {
    sendJson(response, 200, { said: `The application cannot be asked: ${describeError(error)}.` });
  }
}

function send(response: ServerResponse, type: string, text: string): void {
  const body = Buffer.from(text);
  response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, 'content-length': body.length });
  response.end(body);
}
