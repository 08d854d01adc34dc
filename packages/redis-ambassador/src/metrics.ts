import { Counter, Gauge, type Histogram, type Registry } from 'prom-client';
import { families } from './command/command-table.ts';
import { type Figures, latencyBoundsMs } from './figures.ts';
import { sumOf } from './nodes.ts';
import type { SessionServices } from './session/services.ts';
import type { Upstream } from './upstream/upstream.ts';

const prefix = 'redis_ambassador_';

/** A metric whose value is read at each scrape: one number, or one per label value. */
interface Sampled {
  readonly name: string;
  readonly help: string;
  readonly label?: string;
  readonly read: () => number | Iterable<readonly [string, number]>;
}

type Sources = Pick<SessionServices, 'figures' | 'nodes' | 'clients' | 'memory'>;

/** Exposes the figures as metrics. They are read at each scrape, so counting costs nothing more. */
export function exposeMetrics(registry: Registry, sources: Sources): void {
  for (const { name, help, label, read } of gaugesOf(sources)) {
    new Gauge({
      name: prefix + name,
      help,
      registers: [registry],
      labelNames: label === undefined ? [] : [label],
      collect() {
        this.reset();
        for (const [labels, value] of samples(read(), label)) this.set(labels, value);
      },
    });
  }
  for (const { name, help, label, read } of [...clientCountersOf(sources), ...upstreamCountersOf(sources)]) {
    new Counter({
      name: prefix + name,
      help,
      registers: [registry],
      labelNames: label === undefined ? [] : [label],
      collect() {
        this.reset();
        for (const [labels, value] of samples(read(), label)) this.inc(labels, value);
      },
    });
  }
  exposeLatency(registry, sources.figures);
}

function* samples(
  read: number | Iterable<readonly [string, number]>,
  label = '',
): Generator<readonly [Record<string, string>, number]> {
  if (typeof read === 'number') yield [{}, read];
  else for (const [value, count] of read) yield [value === '' ? {} : { [label]: value }, count];
}

function gaugesOf({ clients, nodes, memory }: Sources): readonly Sampled[] {
  // with a single server there is nothing to distinguish
  const perNode = (read: (upstream: Upstream) => number) => {
    const { placement, primary, nodes: all } = nodes.topology;
    const replicas = all.filter((node) => node.role === 'slave' && nodes.known(node) !== undefined);
    if (placement === undefined && replicas.length === 0) return [['', read(nodes.primary)] as const];
    const used = [...(placement?.shards ?? [primary]), ...replicas];
    return used.map((node) => [node.id, read(nodes.at(node))] as const);
  };
  return [
    { name: 'clients', help: 'Connected clients.', read: () => clients.count },
    {
      name: 'upstream_up',
      help: '1 if the upstream answers, else 0.',
      label: 'node',
      read: () => perNode(({ state }) => Number(state.name === 'up')),
    },
    {
      name: 'upstream_latency_seconds',
      help: 'Time the upstream took to answer the last health check.',
      label: 'node',
      read: () => perNode(({ latencyMs }) => (latencyMs ?? Number.NaN) / 1000),
    },
    {
      name: 'readable_replicas',
      help: 'Replicas that are fit for reads.',
      read: () => nodes.reads.readable,
    },
    {
      name: 'links',
      help: 'Open upstream connections.',
      label: 'kind',
      read: () => [
        ['shared', sumOf(nodes, ({ sharedLinkCount }) => sharedLinkCount)],
        ['dedicated', sumOf(nodes, ({ dedicated }) => dedicated.count)],
      ],
    },
    {
      name: 'in_flight',
      help: 'Requests sent upstream and not yet answered.',
      read: () => sumOf(nodes, ({ inFlightCount }) => inFlightCount),
    },
    {
      name: 'memory_bytes',
      help: 'Memory held for clients: requests and unread replies.',
      read: () => memory.usedBytes,
    },
  ];
}

function clientCountersOf({ figures }: Sources): readonly Sampled[] {
  return [
    { name: 'clients_total', help: 'Clients accepted.', read: () => figures.clientsAccepted },
    {
      name: 'commands_total',
      help: 'Commands received, by family.',
      label: 'family',
      read: () => families.map((family, index) => [family, figures.commands[index] ?? 0] as const),
    },
    {
      name: 'errors_total',
      help: 'Commands answered with an error by the ambassador itself.',
      label: 'reason',
      read: () => figures.errors,
    },
    {
      name: 'rejected_total',
      help: 'Clients refused or cut off.',
      label: 'reason',
      read: () => figures.rejected,
    },
    {
      name: 'repeated_total',
      help: 'Reads sent again after their connection was lost, or because the reply was too large for a shared connection.',
      read: () => figures.repeated,
    },
    {
      name: 'client_bytes_total',
      help: 'Bytes exchanged with clients.',
      label: 'direction',
      read: () => [
        ['in', figures.clientBytesIn],
        ['out', figures.clientBytesOut],
      ],
    },
  ];
}

function upstreamCountersOf({ figures }: Sources): readonly Sampled[] {
  return [
    {
      name: 'links_lost_total',
      help: 'Shared upstream connections lost.',
      label: 'reason',
      read: () => figures.linksLost,
    },
    {
      name: 'connect_failures_total',
      help: 'Failed attempts to open an upstream connection.',
      label: 'reason',
      read: () => figures.connectFailures,
    },
    {
      name: 'redirects_total',
      help: 'Redirects received from Cluster nodes.',
      label: 'kind',
      read: () => [
        ['moved', figures.redirects.moved],
        ['ask', figures.redirects.ask],
      ],
    },
    {
      name: 'failovers_total',
      help: 'Failovers: times another server became the primary.',
      read: () => figures.failovers,
    },
    {
      name: 'topology_refreshes_total',
      help: 'Topology refreshes (queries to Sentinels or Cluster nodes), by result.',
      label: 'result',
      read: () => figures.refreshes,
    },
    {
      name: 'upstream_bytes_total',
      help: 'Bytes exchanged with the upstream.',
      label: 'direction',
      read: () => [
        ['in', figures.upstreamBytesIn],
        ['out', figures.upstreamBytesOut],
      ],
    },
  ];
}

/** Registers our own histogram with prom-client, whose own one would cost more per observation. */
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
  // the registry uses only the name and `get` of a metric
  registry.registerMetric(metric as unknown as Histogram);
}
