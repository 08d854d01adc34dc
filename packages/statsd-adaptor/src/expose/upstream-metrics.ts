import type { Counts } from '../counts.ts';
import type { RelayCounts } from '../listen/relay.ts';
import type { UdpSockets } from '../listen/udp-sockets.ts';
import type { Rules } from '../map/rules.ts';
import type { Registry } from '../series/registry.ts';
import { byLabel, type OwnMetric, type OwnValue, seenByLabel } from './own-metric.ts';

/** What the own metrics tell of. */
export interface Observed {
  readonly version: string;
  readonly counts: Counts;
  readonly registry: Registry;
  readonly rules: Rules;
  readonly sockets: UdpSockets;
  readonly relay: RelayCounts | undefined;
}

/** The metrics that statsd_exporter tells of itself, under its names, so that its dashboards and alerts go on working. */
export function upstreamMetrics({ version, counts, registry, rules, sockets, relay }: Observed): OwnMetric[] {
  const kernelDrops = () => sockets.states.reduce((sum, { drops }) => sum + drops, 0);
  const reloads = () => ({ success: counts.reloads, failure: counts.reloadFailures });
  const actions = () => ({ drop: counts.dropped, map: counts.mapped });
  return [
    ...gauges('statsd_exporter_', [
      ['build_info', 'Always 1; the version is a label.', () => byLabel('version', [[version, 1]])],
      ['loaded_mappings', 'The current number of configured metric mappings.', () => rules.mapper.ruleCount],
      ['metrics_total', 'The total number of metrics.', () => byLabel('type', metricCounts(registry))],
    ]),
    ...counters('statsd_exporter_', [
      [
        'config_reloads_total',
        'The number of configuration reloads.',
        () => seenByLabel('outcome', reloads()),
      ],
      ['event_queue_flushed_total', 'Number of times events were flushed to exporter', () => counts.batches],
      [
        'events_actions_total',
        'The total number of StatsD events by action.',
        () => seenByLabel('action', actions()),
      ],
      [
        'events_conflict_total',
        'The total number of StatsD events with conflicting names.',
        () => conflicts(counts),
      ],
      [
        'events_error_total',
        'The total number of StatsD events discarded due to errors.',
        () => byLabel('reason', counts.eventErrors),
      ],
      ['events_total', 'The total number of StatsD events seen.', () => seenByLabel('type', counts.events)],
      [
        'events_unmapped_total',
        'The total number of StatsD events no mapping was found for.',
        () => counts.unmapped,
      ],
      ['lines_total', 'The total number of StatsD lines received.', () => counts.lines],
      [
        'relay_lines_relayed_total',
        'The number of lines that were buffered to be relayed.',
        () => byTarget(relay, 'lines'),
      ],
      [
        'relay_long_lines_total',
        'The number lines that were too long to relay.',
        () => byTarget(relay, 'longLines'),
      ],
      ['relay_packets_total', 'The number of StatsD packets relayed.', () => byTarget(relay, 'packets')],
      [
        'sample_errors_total',
        'The total number of errors parsing StatsD samples.',
        () => byLabel('reason', counts.sampleErrors),
      ],
      ['samples_total', 'The total number of StatsD samples received.', () => counts.samples],
      ['tag_errors_total', 'The number of errors parsing DogStatsD tags.', () => counts.tagErrors],
      ['tags_total', 'The total number of DogStatsD tags processed.', () => counts.tags],
      [
        'tcp_connection_errors_total',
        'The number of errors encountered reading from TCP.',
        () => counts.tcpConnectionErrors,
      ],
      ['tcp_connections_total', 'The total number of TCP connections handled.', () => counts.tcpConnections],
      [
        'tcp_too_long_lines_total',
        'The number of lines discarded due to being too long.',
        () => counts.tcpTooLongLines,
      ],
      // its queue of packets is, here, the kernel's
      [
        'udp_packet_drops_total',
        'The total number of dropped StatsD packets which received over UDP.',
        kernelDrops,
      ],
      ['udp_packets_total', 'The total number of StatsD packets received over UDP.', () => counts.udpPackets],
      ['unixgram_packets_total', 'The total number of StatsD packets received over Unixgram.', () => 0],
    ]),
    ...counters('statsd_metric_mapper_cache_', [
      ['gets_total', 'The count of total metric cache gets.', () => counts.cacheGets],
      ['hits_total', 'The count of total metric cache hits.', () => counts.cacheHits],
    ]),
    ...gauges('statsd_metric_mapper_cache_', [
      ['length', 'The count of unique metrics currently cached.', () => rules.mapper.cacheSize],
    ]),
  ];
}

type Row = readonly [name: string, help: string, read: OwnMetric['read']];

export function counters(prefix: string, rows: readonly Row[]): OwnMetric[] {
  return rows.map(([name, help, read]) => ({ name: prefix + name, type: 'counter', help, read }));
}

export function gauges(prefix: string, rows: readonly Row[]): OwnMetric[] {
  return rows.map(([name, help, read]) => ({ name: prefix + name, type: 'gauge', help, read }));
}

/** A relay's count; none without a relay. */
export function byTarget(
  relay: RelayCounts | undefined,
  name: Exclude<keyof RelayCounts, 'target'>,
): Iterable<OwnValue> {
  return relay === undefined ? [] : byLabel('target', [[relay.target, relay[name]]]);
}

function* conflicts(counts: Counts): Generator<OwnValue> {
  for (const { type, name, count } of counts.conflicts.values()) yield [{ metric_name: name, type }, count];
}

/** How many sets of label names there are, by kind. */
function metricCounts(registry: Registry): Map<string, number> {
  const sum = new Map<string, number>();
  for (const { kind, shapeCount } of registry.families.values())
    sum.set(kind, (sum.get(kind) ?? 0) + shapeCount);
  return sum;
}
