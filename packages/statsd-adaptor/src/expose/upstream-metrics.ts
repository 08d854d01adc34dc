import type { Registry } from '../series/registry.ts';
import {
  byLabel,
  byTarget,
  counters,
  gauges,
  type Observed,
  type OwnMetric,
  type OwnValue,
  seenByLabel,
} from './own-metric.ts';

/** The metrics of statsd_exporter itself, under its names, so that its dashboards and alerts keep working. */
export const upstreamMetrics: readonly OwnMetric[] = [
  ...gauges('statsd_exporter_', [
    ['build_info', 'Always 1; the version is a label.', ({ version }) => byLabel('version', [[version, 1]])],
    [
      'loaded_mappings',
      'The current number of configured metric mappings.',
      ({ rules }) => rules.mapper.ruleCount,
    ],
    [
      'metrics_total',
      'The total number of metrics.',
      ({ registry }) => byLabel('type', metricCounts(registry)),
    ],
  ]),
  ...counters('statsd_exporter_', [
    [
      'config_reloads_total',
      'The number of configuration reloads.',
      ({ counts }) => seenByLabel('outcome', { success: counts.reloads, failure: counts.reloadFailures }),
    ],
    [
      'event_queue_flushed_total',
      'Number of times events were flushed to exporter.',
      ({ counts }) => counts.batches,
    ],
    [
      'events_actions_total',
      'The total number of StatsD events by action.',
      ({ counts }) => seenByLabel('action', { drop: counts.dropped, map: counts.mapped }),
    ],
    ['events_conflict_total', 'The total number of StatsD events with conflicting names.', conflicts],
    [
      'events_error_total',
      'The total number of StatsD events discarded due to errors.',
      ({ counts }) => byLabel('reason', counts.eventErrors),
    ],
    [
      'events_total',
      'The total number of StatsD events seen.',
      ({ counts }) => seenByLabel('type', counts.events),
    ],
    [
      'events_unmapped_total',
      'The total number of StatsD events no mapping was found for.',
      ({ counts }) => counts.unmapped,
    ],
    ['lines_total', 'The total number of StatsD lines received.', ({ counts }) => counts.lines],
    [
      'relay_lines_relayed_total',
      'The number of lines that were buffered to be relayed.',
      ({ relay }) => byTarget(relay, 'lines'),
    ],
    [
      'relay_long_lines_total',
      'The number of lines that were too long to relay.',
      ({ relay }) => byTarget(relay, 'longLines'),
    ],
    [
      'relay_packets_total',
      'The number of StatsD packets relayed.',
      ({ relay }) => byTarget(relay, 'packets'),
    ],
    [
      'sample_errors_total',
      'The total number of errors parsing StatsD samples.',
      ({ counts }) => byLabel('reason', counts.sampleErrors),
    ],
    ['samples_total', 'The total number of StatsD samples received.', ({ counts }) => counts.samples],
    ['tag_errors_total', 'The number of errors parsing DogStatsD tags.', ({ counts }) => counts.tagErrors],
    ['tags_total', 'The total number of DogStatsD tags processed.', ({ counts }) => counts.tags],
    [
      'tcp_connection_errors_total',
      'The number of errors encountered reading from TCP.',
      ({ counts }) => counts.tcp.connectionErrors,
    ],
    [
      'tcp_connections_total',
      'The total number of TCP connections handled.',
      ({ counts }) => counts.tcp.connections,
    ],
    [
      'tcp_too_long_lines_total',
      'The number of lines discarded due to being too long.',
      ({ counts }) => counts.tcp.tooLongLines,
    ],
    [
      'udp_packet_drops_total',
      'The total number of dropped StatsD packets which received over UDP.',
      // upstream drops packets from its own queue; the only queue here is the kernel's
      ({ sockets }) => sockets.states.reduce((sum, { drops }) => sum + drops, 0),
    ],
    [
      'udp_packets_total',
      'The total number of StatsD packets received over UDP.',
      ({ counts }) => counts.udpPackets,
    ],
    [
      'unixgram_packets_total',
      'The total number of StatsD packets received over Unixgram.',
      ({ counts }) => counts.unixgramPackets,
    ],
  ]),
  ...counters('statsd_metric_mapper_cache_', [
    ['gets_total', 'The count of total metric cache gets.', ({ counts }) => counts.cacheGets],
    ['hits_total', 'The count of total metric cache hits.', ({ counts }) => counts.cacheHits],
  ]),
  ...gauges('statsd_metric_mapper_cache_', [
    ['length', 'The count of unique metrics currently cached.', ({ rules }) => rules.mapper.cacheSize],
  ]),
];

function* conflicts({ counts }: Observed): Generator<OwnValue> {
  for (const { type, name, count } of counts.conflicts.values()) yield [{ metric_name: name, type }, count];
}

/** Counts sets of label names, by kind. */
function metricCounts(registry: Registry): Map<string, number> {
  const sum = new Map<string, number>();
  for (const { kind, shapeCount } of registry.families.values())
    sum.set(kind, (sum.get(kind) ?? 0) + shapeCount);
  return sum;
}
