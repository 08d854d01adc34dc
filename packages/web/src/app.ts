import express, { type Express } from 'express';
import type { Cache } from './clients/cache.ts';
import { answerErrors, notFound } from './http/errors.ts';
import type { Handler } from './http/exchange.ts';
import { refuseOddRequest } from './http/limits.ts';
import { type Observers, observe } from './http/observe.ts';
import { type Methods, resource } from './http/resource.ts';
import { setSecurityHeaders } from './http/security-headers.ts';
import type { LogFiles } from './logs/log-files.ts';
import { cacheResource } from './routes/cache.ts';
import { errorsResource } from './routes/errors.ts';
import { type Info, infoResource } from './routes/info.ts';
import { openApiResource } from './routes/openapi.ts';
import { homeResource, pageResource } from './routes/page.ts';
import { type ViewCounting, viewResource, viewsResource } from './routes/views.ts';

export interface AppParts extends Observers, ViewCounting {
  readonly logs: Pick<LogFiles, 'access' | 'error'>;
  readonly statsd: Observers['statsd'] & ViewCounting['statsd'];
  readonly cache: Cache;
  readonly info: Info;
  /** What delays and fails requests, where that was asked for. */
  readonly faults?: Handler;
}

/** What is served on the data port, by path. */
export function resourcesOf(parts: AppParts): Readonly<Record<string, Methods>> {
  return {
    '/': homeResource(parts),
    '/pages/:page': pageResource(parts),
    '/api/views': viewsResource(parts),
    '/api/views/:page': viewResource(parts),
    '/api/cache/:key': cacheResource(parts.cache),
    '/api/info': infoResource(parts.info),
    '/api/errors': errorsResource(),
    '/openapi.json': openApiResource(parts.info.version),
  };
}

/** What every request passes first. One handler for all: Express takes longer to get to the next than it runs. */
function enter(observers: Observers): Handler {
  return (req, res, next) => {
    observe(observers, req, res);
    setSecurityHeaders(res);
    refuseOddRequest(req);
    next();
  };
}

/** The application without a server: what a request passes, from its id to its problem details. */
export function createApp(parts: AppParts): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing').enable('strict routing');
  app.use(enter(parts));
  if (parts.faults !== undefined) app.use(parts.faults);
  for (const [path, methods] of Object.entries(resourcesOf(parts))) resource(app, path, methods);
  app.use(notFound, answerErrors(parts.logs));
  return app;
}
