import { FaultLog, type HostPort, type Logger } from '@pod-patterns/kit';
import { StatsD } from 'hot-shots';
import { Counter, type Registry } from 'prom-client';

/** StatsD metrics of the application, with DogStatsD tags and the prefix `web.`. */
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
  /** Names of pages that become tags. */
  readonly maxPages: number;
}

/** Sends by UDP; loses nothing at the end, and says so when nothing can be sent. */
export function openStatsd({ address, log, metrics, inFlight, maxPages }: StatsdOptions): StatsdClient {
  const failed = new Counter({
    name: 'web_statsd_errors_total',
    help: 'StatsD packets that could not be sent.',
    registers: [metrics],
  });
  const faults = new FaultLog(log, 'StatsD');
  let hasFailed = false;
  const client = connect(address, (error) => {
    hasFailed = true;
    failed.inc();
    faults.failed(error.message);
  });
  const everySecond = setInterval(() => {
    if (!hasFailed) faults.recovered();
    hasFailed = false;
    client.gauge('in_flight', inFlight());
  }, 1000).unref();
  const pageTags = new PageTags(maxPages);
  return {
    pageViewed: (page, visitor) => {
      client.increment('page_views', 1, [pageTags.of(page)]);
      client.set('visitors', visitor);
    },
    requestDone: ({ route, method, status, durationMs }) => {
      const tags = [`route:${route}`, `method:${method}`, `status:${status}`];
      client.timing('request_duration', durationMs, tags);
    },
    [Symbol.asyncDispose]: async () => {
      clearInterval(everySecond);
      client.gauge('in_flight', 0);
      const { promise, resolve } = Promise.withResolvers<void>();
      client.close(() => resolve());
      await promise;
    },
  };
}

function connect({ host = '127.0.0.1', port }: HostPort, errorHandler: (error: Error) => void): StatsD {
  return new StatsD({
    host,
    port,
    prefix: 'web.',
    // lines of a tenth of a second share packets, which beyond this host must fit into any MTU; a larger
    // buffer costs more: hot-shots measures all of it with every line
    maxBufferSize: isLoopback(host) ? 2048 : 1400,
    bufferFlushInterval: 100,
    // how often it looks at a close whether all is out
    closingFlushInterval: 10,
    // the variables of a Datadog agent are not this program's options
    datadog: false,
    originDetection: false,
    includeDataDogTags: false,
    errorHandler,
  });
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** The names that visitors make up would be a series each in whatever stores the metrics. */
class PageTags {
  readonly #maxPages: number;
  readonly #pages = new Set<string>();

  constructor(maxPages: number) {
    this.#maxPages = maxPages;
  }

  of(page: string): string {
    if (this.#pages.size < this.#maxPages) this.#pages.add(page);
    return `page:${this.#pages.has(page) ? page : 'other'}`;
  }
}
