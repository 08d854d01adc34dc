import type { Express } from 'express';
import type { Handler } from './exchange.ts';
import { HttpProblem } from './problem.ts';

type Method = 'get' | 'post' | 'put' | 'delete';

/** A path and its methods. */
export type Methods = Readonly<Partial<Record<Method, readonly Handler[]>>>;

/** Serves the methods of a path; any other is answered 405 with `Allow`, `OPTIONS` with 204 and the same. */
export function resource(app: Express, path: string, methods: Methods): void {
  const known = Object.keys(methods).map((method) => method.toUpperCase());
  const allow = [...known, ...(known.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].sort().join(', ');
  const route = app.route(path);
  const first: Handler = (_, res, next) => {
    res.locals.exchange.route = path;
    next();
  };
  const last: Handler = (req, res) => {
    if (req.method === 'OPTIONS') res.status(204).setHeader('allow', allow).end();
    else
      throw new HttpProblem(405, `${req.method} is not allowed; allowed: ${allow}`, { headers: { allow } });
  };
  route.all(first);
  if (methods.get) route.get(...methods.get);
  if (methods.post) route.post(...methods.post);
  if (methods.put) route.put(...methods.put);
  if (methods.delete) route.delete(...methods.delete);
  route.all(last);
}
