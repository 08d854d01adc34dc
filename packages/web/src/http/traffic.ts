import { Counter, Gauge, type Registry } from 'prom-client';
import type { Overload } from './open-requests.ts';

/** Traffic through this process since its start. */
export class Traffic {
  requests = 0;
  serverErrors = 0;
  pageViews = 0;
  /** Requests being answered now. */
  inFlight = 0;
  readonly overload: Record<Overload, number> = { idle: 0, connections: 0, requests: 0, pipeline: 0 };

  /** Serves the figures on the admin port. Figures by route go to StatsD instead. */
  exportTo(metrics: Registry): void {
    const registers = [metrics];
    counter({ name: 'web_requests_total', help: 'Requests answered.', registers }, () => this.requests);
    counter(
      { name: 'web_server_errors_total', help: 'Requests answered with status 500 or above.', registers },
      () => this.serverErrors,
    );
    counter(
      { name: 'web_page_views_total', help: 'Page views that Redis has counted.', registers },
      () => this.pageViews,
    );
    gauge(
      { name: 'web_in_flight_requests', help: 'Requests being answered.', registers },
      () => this.inFlight,
    );
    const { overload } = this;
    new Counter({
      name: 'web_overload_total',
      help: 'Connections closed and requests refused because of overload.',
      labelNames: ['reason'],
      registers,
      collect() {
        this.reset();
        for (const [reason, count] of Object.entries(overload)) this.inc({ reason }, count);
      },
    });
  }
}

interface Described {
  readonly name: string;
  readonly help: string;
  readonly registers: Registry[];
}

/** Registers a counter whose value is read at each scrape. */
function counter(described: Described, read: () => number): void {
  new Counter({
    ...described,
    collect() {
      this.reset();
      this.inc(read());
    },
  });
}

/** Registers a gauge whose value is read at each scrape. */
function gauge(described: Described, read: () => number): void {
  new Gauge({
    ...described,
    collect() {
      this.set(read());
    },
  });
}
