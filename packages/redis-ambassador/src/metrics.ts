import { Counter, Gauge, type Histogram, type Registry } from 'prom-client';
import { type Figures, latencyBoundsMs } from './figures.ts';
import { families } from './route/command-table.ts';
import type { SessionServices } from './session/services.ts';

const prefix = 'redis_ambassador_';

/** Shows the figures as metrics. They are read when somebody asks; counting them costs nothing more. */
export function exposeMetrics(
  registry: Registry,
  { figures, upstream, clients, memory }: SessionServices,
): void {
  const registers = [registry];
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: prefix + name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  const counter = (
    name: string,
    help: string,
    label: string | undefined,
    read: () => Iterable<readonly [string, number]>,
  ) =>
    new Counter({
      name: prefix + name,
      help,
      registers,
      labelNames: label === undefined ? [] : [label],
      collect() {
        this.reset();
        for (const [value, count] of read()) this.inc(label === undefined ? {} : { [label]: value }, count);
      },
    });
  const single = (read: () => number) => () => [['', read()] as const];

  gauge('clients', 'Clients that are connected.', () => clients.count);
  gauge('upstream_up', 'Whether the upstream serves: 1 or 0.', () => Number(upstream.state.name === 'up'));
  gauge(
    'upstream_latency_seconds',
    'Time of the last probe of the upstream.',
    () => (upstream.latencyMs ?? Number.NaN) / 1000,
  );
  gauge('in_flight', 'Requests without a reply.', () => upstream.inFlightCount);
  gauge(
    'memory_bytes',
    'What clients hold: requests, and replies that they have not read.',
    () => memory.usedBytes,
  );
  new Gauge({
    name: `${prefix}links`,
    help: 'Connections to the upstream.',
    labelNames: ['kind'],
    registers,
    collect() {
      this.set({ kind: 'shared' }, upstream.sharedLinkCount);
      this.set({ kind: 'dedicated' }, upstream.dedicated.count);
    },
  });
  counter(
    'clients_total',
    'Clients that were let in.',
    undefined,
    single(() => figures.clientsAccepted),
  );
  counter('commands_total', 'Commands by family.', 'family', () =>
    families.map((family, index) => [family, figures.commands[index] ?? 0] as const),
  );
  counter(
    'errors_total',
    'Errors of the ambassador itself that commands got.',
    'reason',
    () => figures.errors,
  );
  counter(
    'rejected_total',
    'Clients that were not let in, or were cut off.',
    'reason',
    () => figures.rejected,
  );
  counter(
    'connect_failures_total',
    'Attempts to open an upstream connection that failed.',
    'reason',
    () => figures.connectFailures,
  );
  counter('links_lost_total', 'Upstream connections that were lost.', 'reason', () => figures.linksLost);
  counter(
    'repeated_total',
    'Reads that were sent again after their connection was lost.',
    undefined,
    single(() => figures.repeated),
  );
  counter('client_bytes_total', 'Bytes from and to clients.', 'direction', () => [
    ['in', figures.clientBytesIn],
    ['out', figures.clientBytesOut],
  ]);
  counter('upstream_bytes_total', 'Bytes from and to the upstream.', 'direction', () => [
    ['in', figures.upstreamBytesIn],
    ['out', figures.upstreamBytesOut],
  ]);
  exposeLatency(registry, figures);
}

/** A histogram that prom-client only writes down: its own would sort each observation in as it happens. */
function exposeLatency(registry: Registry, { latency }: Figures): void {
  const name = `${prefix}upstream_duration_seconds`;
  const read = () => {
    let total = 0;
    const buckets = [...latencyBoundsMs, Number.POSITIVE_INFINITY].map((ms, index) => {
      total += latency.counts[index] ?? 0;
      const le = Number.isFinite(ms) ? ms / 1000 : '+Inf';
      return { metricName: `${name}_bucket`, labels: { le }, value: total };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels: {}, value: latency.sumMs / 1000 },
      { metricName: `${name}_count`, labels: {}, value: total },
    ];
  };
  const described = { name, help: 'Time from sending a request to its reply.', type: 'histogram' };
  const metric = { ...described, get: async () => ({ ...described, values: read(), aggregator: 'sum' }) };
  // the registry asks no more of a metric than its name and `get`
  registry.registerMetric(metric as unknown as Histogram);
}
