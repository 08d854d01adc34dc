import type { Counts } from '../counts.ts';
import { escapeValue } from '../series/labels.ts';
import type { Registry } from '../series/registry.ts';
import { formatNumber } from './format-number.ts';
import { header } from './render.ts';

type Value = readonly [labels: Readonly<Record<string, string>>, value: number];

/** A metric of the program itself; its values are read at each scrape. */
export interface OwnMetric {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  readonly read: () => number | readonly Value[];
}

/** What own metrics tell of. */
export interface Observed {
  readonly version: string;
  readonly counts: Counts;
  readonly registry: Registry;
  readonly loadedMappings: () => number;
  readonly mapperCacheSize: () => number;
  readonly sockets: () => readonly SocketState[];
}

/** A UDP socket as the kernel sees it. */
export interface SocketState {
  readonly address: string;
  /** What it gave, by its own accounting (about twice what payload it can hold). */
  readonly receiveBufferBytes: number;
  readonly queuedBytes: number;
  readonly drops: number;
}

/** Under upstream's names, so that its dashboards and alerts go on working, and then our own. */
export function ownMetrics(observed: Observed): OwnMetric[] {
  return [...upstreamMetrics(observed), ...adaptorMetrics(observed)];
}

function upstreamMetrics({
  version,
  counts,
  registry,
  loadedMappings,
  mapperCacheSize,
  sockets,
}: Observed): OwnMetric[] {
  const by = (name: string, entries: Iterable<readonly [string, number]>): Value[] =>
    [...entries].map(([value, count]) => [{ [name]: value }, count]);
  const total = (name: string, help: string, read: OwnMetric['read']): OwnMetric => ({
    name: `statsd_exporter_${name}`,
    type: 'counter',
    help,
    read,
  });
  const gauge = (name: string, help: string, read: OwnMetric['read']): OwnMetric => ({
    ...total(name, help, read),
    type: 'gauge',
  });
  return [
    gauge('build_info', 'Always 1; the version is a label.', () => [[{ version }, 1]]),
    total('config_reloads_total', 'The number of configuration reloads.', () =>
      by('outcome', [
        ['success', counts.reloads],
        ['failure', counts.reloadFailures],
      ] as const).filter(([, count]) => count > 0),
    ),
    total(
      'event_queue_flushed_total',
      'Number of times events were flushed to exporter',
      () => counts.batches,
    ),
    total('events_actions_total', 'The total number of StatsD events by action.', () =>
      by('action', [
        ['drop', counts.dropped],
        ['map', counts.mapped],
      ] as const).filter(([, count]) => count > 0),
    ),
    total('events_conflict_total', 'The total number of StatsD events with conflicting names.', () =>
      [...counts.conflicts.values()].map(({ type, name, count }) => [{ metric_name: name, type }, count]),
    ),
    total('events_error_total', 'The total number of StatsD events discarded due to errors.', () =>
      by('reason', counts.eventErrors),
    ),
    total('events_total', 'The total number of StatsD events seen.', () =>
      by('type', Object.entries(counts.events)).filter(([, count]) => count > 0),
    ),
    total(
      'events_unmapped_total',
      'The total number of StatsD events no mapping was found for.',
      () => counts.unmapped,
    ),
    total('lines_total', 'The total number of StatsD lines received.', () => counts.lines),
    gauge('loaded_mappings', 'The current number of configured metric mappings.', loadedMappings),
    gauge('metrics_total', 'The total number of metrics.', () => by('type', metricCounts(registry))),
    total('sample_errors_total', 'The total number of errors parsing StatsD samples.', () =>
      by('reason', counts.sampleErrors),
    ),
    total('samples_total', 'The total number of StatsD samples received.', () => counts.samples),
    total('tag_errors_total', 'The number of errors parsing DogStatsD tags.', () => counts.tagErrors),
    total('tags_total', 'The total number of DogStatsD tags processed.', () => counts.tags),
    total(
      'tcp_connection_errors_total',
      'The number of errors encountered reading from TCP.',
      () => counts.tcpConnectionErrors,
    ),
    total(
      'tcp_connections_total',
      'The total number of TCP connections handled.',
      () => counts.tcpConnections,
    ),
    total(
      'tcp_too_long_lines_total',
      'The number of lines discarded due to being too long.',
      () => counts.tcpTooLongLines,
    ),
    total(
      'udp_packet_drops_total',
      'The total number of dropped StatsD packets which received over UDP.',
      () => sockets().reduce((sum, { drops }) => sum + drops, 0),
    ),
    total(
      'udp_packets_total',
      'The total number of StatsD packets received over UDP.',
      () => counts.udpPackets,
    ),
    total('unixgram_packets_total', 'The total number of StatsD packets received over Unixgram.', () => 0),
    mapperCache('gets_total', 'counter', 'The count of total metric cache gets.', () => counts.cacheGets),
    mapperCache('hits_total', 'counter', 'The count of total metric cache hits.', () => counts.cacheHits),
    mapperCache('length', 'gauge', 'The count of unique metrics currently cached.', mapperCacheSize),
  ];
}

function mapperCache(name: string, type: OwnMetric['type'], help: string, read: () => number): OwnMetric {
  return { name: `statsd_metric_mapper_cache_${name}`, type, help, read };
}

/** The number of sets of label names, by kind. */
function metricCounts(registry: Registry): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { kind, shapeCount } of registry.families.values()) {
    counts.set(kind, (counts.get(kind) ?? 0) + shapeCount);
  }
  return counts;
}

function adaptorMetrics({ counts, registry, sockets }: Observed): OwnMetric[] {
  const own = (name: string, type: OwnMetric['type'], help: string, read: OwnMetric['read']): OwnMetric => ({
    name: `statsd_adaptor_${name}`,
    type,
    help,
    read,
  });
  const bySocket = (read: (socket: SocketState) => number) => () =>
    sockets().map((socket): Value => [{ address: socket.address }, read(socket)]);
  return [
    own(
      'dogstatsd_events_total',
      'counter',
      'DogStatsD events received; they are not kept.',
      () => counts.dogstatsdEvents,
    ),
    own(
      'dogstatsd_service_checks_total',
      'counter',
      'DogStatsD service checks received; they are not kept.',
      () => counts.dogstatsdServiceChecks,
    ),
    own('series', 'gauge', 'Series that are exposed.', () => registry.seriesCount),
    own(
      'series_expired_total',
      'counter',
      'Series removed because their ttl was over.',
      () => counts.expired,
    ),
    own(
      'series_refused_samples_total',
      'counter',
      'Samples lost because their series would have been beyond a limit.',
      () => Object.entries(counts.seriesRefused).map(([reason, count]): Value => [{ reason }, count]),
    ),
    own(
      'tcp_connections_refused_total',
      'counter',
      'TCP connections refused because too many were open.',
      () => counts.tcpRefusedConnections,
    ),
    own(
      'udp_kernel_drops_total',
      'counter',
      'Datagrams that the kernel dropped because the receive buffer was full.',
      bySocket(({ drops }) => drops),
    ),
    own(
      'udp_queued_bytes',
      'gauge',
      'Bytes that wait in the receive buffer, as the kernel accounts them.',
      bySocket(({ queuedBytes }) => queuedBytes),
    ),
    own(
      'udp_receive_buffer_bytes',
      'gauge',
      'Size of the receive buffer that the kernel gave, as it accounts it.',
      bySocket(({ receiveBufferBytes }) => receiveBufferBytes),
    ),
  ];
}

/** A metric's text, or nothing while it has no values. */
export function renderOwnMetric({ name, type, help, read }: OwnMetric): string {
  const values = read();
  const list: readonly Value[] = typeof values === 'number' ? [[{}, values]] : values;
  if (list.length === 0) return '';
  const lines = list.map(([labels, value]) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeValue(text)}"`);
    return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${formatNumber(value)}\n`;
  });
  return header(name, type, help) + lines.join('');
}
