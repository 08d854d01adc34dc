import { Counter, Gauge, type Registry } from 'prom-client';

/** What has passed through this process since it started. */
export class Traffic {
  requests = 0;
  serverErrors = 0;
  pageViews = 0;
  /** Requests being answered now, event streams apart. */
  inFlight = 0;
  eventStreams = 0;

  /** Serves the figures on the admin port. What is measured per route goes to StatsD instead. */
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
    counter('web_server_errors_total', 'Requests answered with a status from 500.', () => this.serverErrors);
    counter('web_page_views_total', 'Page views, counted in Redis or not.', () => this.pageViews);
    gauge('web_in_flight_requests', 'Requests being answered, event streams apart.', () => this.inFlight);
    gauge('web_event_streams', 'Open event streams.', () => this.eventStreams);
  }
}
