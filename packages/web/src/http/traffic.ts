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
    const counter = (name: string, help: string, read: () => number) =>
      new Counter({
        name,
        help,
        registers: [metrics],
        collect() {
          this.reset();
          this.inc(read());
        },
      });
    const gauge = (name: string, help: string, read: () => number) =>
      new Gauge({
        name,
        help,
        registers: [metrics],
        collect() {
          this.set(read());
        },
      });
    counter('web_requests_total', 'Requests answered.', () => this.requests);
    counter(
      'web_server_errors_total',
      'Requests answered with status 500 or above.',
      () => this.serverErrors,
    );
    counter('web_page_views_total', 'Page views that Redis has counted.', () => this.pageViews);
    gauge('web_in_flight_requests', 'Requests being answered.', () => this.inFlight);
    const { overload } = this;
    new Counter({
      name: 'web_overload_total',
      help: 'Connections closed and requests refused because there were too many.',
      labelNames: ['reason'],
      registers: [metrics],
      collect() {
        this.reset();
        for (const [reason, count] of Object.entries(overload)) this.inc({ reason }, count);
      },
    });
  }
}
