import { FaultLog, type HostPort, type Logger } from '@pod-patterns/kit';
import { StatsD } from 'hot-shots';
import { Counter, type Registry } from 'prom-client';

/** What StatsD is told of the application; DogStatsD tags, names with the prefix `web.`. */
export interface StatsdClient extends AsyncDisposable {
  pageViewed(page: string, visitor: string): void;
  requestDone(request: {
    readonly route: string;
    readonly method: string;
    readonly status: number;
    readonly durationMs: number;
  }): void;
}

export interface StatsdOptions {
  readonly address: HostPort;
  readonly log: Logger;
  readonly metrics: Registry;
  /** Requests being answered now; told once a second. */
  readonly inFlight: () => number;
}

/** The names a visitor can make up would be a series each in whatever stores the metrics. */
const maxPageTags = 1000;

export function openStatsd({ address, log, metrics, inFlight }: StatsdOptions): StatsdClient {
  const failed = new Counter({
    name: 'web_statsd_errors_total',
    help: 'StatsD packets that could not be sent.',
    registers: [metrics],
  });
  const faults = new FaultLog(log, 'StatsD');
  let hasFailed = false;
  const client = new StatsD({
    host: address.host ?? '127.0.0.1',
    port: address.port,
    prefix: 'web.',
    // lines of a tenth of a second share a packet that fits into any MTU
    maxBufferSize: 1400,
    bufferFlushInterval: 100,
    // how often it looks at a close whether all is out
    closingFlushInterval: 10,
    // the variables of a Datadog agent are not this program's options
    datadog: false,
    originDetection: false,
    includeDataDogTags: false,
    errorHandler: (error) => {
      hasFailed = true;
      failed.inc();
      faults.failed(error.message);
    },
  });
  const pages = new Set<string>();
  const pageTag = (page: string) => {
    if (pages.size < maxPageTags) pages.add(page);
    return pages.has(page) ? page : 'other';
  };
  const everySecond = setInterval(() => {
    if (!hasFailed) faults.recovered();
    hasFailed = false;
    client.gauge('in_flight', inFlight());
  }, 1000).unref();
  return {
    pageViewed: (page, visitor) => {
      client.increment('page_views', 1, [`page:${pageTag(page)}`]);
      client.set('visitors', visitor);
    },
    requestDone: ({ route, method, status, durationMs }) =>
      client.timing('request_duration', durationMs, [
        `route:${route}`,
        `method:${method}`,
        `status:${status}`,
      ]),
    [Symbol.asyncDispose]: async () => {
      clearInterval(everySecond);
      client.gauge('in_flight', 0);
      const { promise, resolve } = Promise.withResolvers<void>();
      client.close(() => resolve());
      await promise;
    },
  };
}
