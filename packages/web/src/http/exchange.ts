import type { Request, RequestHandler, Response } from 'express';
import type { TraceContext } from './trace-context.ts';

/** Facts about one request in progress, for the access log and StatsD. */
export interface Exchange {
  readonly id: string;
  readonly trace: TraceContext | undefined;
  /** The pattern that matched, as `/api/views/:page`. */
  route: string;
  /** The page that was viewed, where it was a page view. */
  page: string | undefined;
}

/** The type of `res.locals` in this application. */
export interface Locals extends Record<string, unknown> {
  exchange: Exchange;
}

type Params = Readonly<Record<string, string>>;
type Query = Readonly<Record<string, unknown>>;

export type Handler = RequestHandler<Params, unknown, unknown, Query, Locals>;
export type HttpRequest = Request<Params, unknown, unknown, Query, Locals>;
export type HttpResponse = Response<unknown, Locals>;
