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
  /** Delays and fails requests, with `--faults`. */
  readonly faults?: Handler;
}

/** The routes of the data port. */
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

/** The first steps of every request, in one handler: Express takes longer to reach a handler than to run it. */
function enter(observers: Observers): Handler {
  return (req, res, next) => {
    observe(observers, req, res);
    setSecurityHeaders(res);
    refuseOddRequest(req);
    next();
  };
}

/** Creates the application without a server: all handlers of a request, from its id to its problem details. */
export function createApp(parts: AppParts): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing').enable('strict routing');
  app.use(enter(parts));
  if (parts.faults !== undefined) app.use(parts.faults);
  for (const [path, methods] of Object.entries(resourcesOf(parts))) resource(app, path, methods);
  app.use(notFound, answerErrors(parts.logs));
  return app;
}
