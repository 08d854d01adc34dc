import type { StatsdClient } from '../clients/statsd.ts';
import type { LogFiles } from '../logs/log-files.ts';
import type { Exchange, HttpRequest, HttpResponse } from './exchange.ts';
import { requestIdOf } from './request-id.ts';
import { traceContextOf } from './trace-context.ts';
import type { Traffic } from './traffic.ts';

export interface Observers {
  readonly logs: Pick<LogFiles, 'access'>;
  readonly statsd: Pick<StatsdClient, 'requestDone'>;
  readonly traffic: Traffic;
}

/** Gives a request its id and trace, and records its end in the access log and StatsD. */
export function observe(observers: Observers, req: HttpRequest, res: HttpResponse): void {
  const startedAt = performance.now();
  const exchange: Exchange = {
    id: requestIdOf(req.headers['x-request-id']),
    trace: traceContextOf(req.headers),
    route: 'unmatched',
    page: undefined,
  };
  res.locals.exchange = exchange;
  res.setHeader('x-request-id', exchange.id);
  if (exchange.trace !== undefined) res.setHeader('traceparent', exchange.trace.traceparent);
  observers.traffic.inFlight++;
  // 'close' comes once, after the last byte was handed over or the client went away
  res.on('close', () => finish(observers, { req, res, exchange, startedAt }));
}

/** A hostile URL must not fill a log line. */
const maxPathLength = 1000;

interface Finished {
  readonly req: HttpRequest;
  readonly res: HttpResponse;
  readonly exchange: Exchange;
  readonly startedAt: number;
}

function finish({ logs, statsd, traffic }: Observers, { req, res, exchange, startedAt }: Finished): void {
  const durationMs = Math.round((performance.now() - startedAt) * 1000) / 1000;
  const { id, route, page, trace } = exchange;
  const { method } = req;
  const status = res.statusCode;
  traffic.requests++;
  if (status >= 500) traffic.serverErrors++;
  traffic.inFlight--;
  statsd.requestDone({ route, method, status, durationMs });
  logs.access({
    id,
    method,
    route,
    path: req.path.slice(0, maxPathLength),
    status,
    durationMs,
    // JSON leaves out undefined values
    page,
    traceId: trace?.traceId,
    aborted: res.writableFinished ? undefined : true,
  });
}
