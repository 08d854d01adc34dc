import type { SocketState } from '../listen/udp-sockets.ts';
import { byLabel, byTarget, counters, gauges, type OwnMetric } from './own-metric.ts';

/** Metrics of the adaptor that upstream does not have. */
export const adaptorMetrics: readonly OwnMetric[] = [
  ...counters('statsd_adaptor_', [
    [
      'dogstatsd_events_total',
      'DogStatsD events received and discarded.',
      ({ counts }) => counts.dogstatsdEvents,
    ],
    [
      'dogstatsd_service_checks_total',
      'DogStatsD service checks received and discarded.',
      ({ counts }) => counts.dogstatsdServiceChecks,
    ],
    [
      'internal_errors_total',
      'Internal errors of the adaptor that lost lines.',
      ({ counts }) => counts.internalErrors,
    ],
    [
      'relay_packets_dropped_total',
      'Relay packets dropped because the send queue was full.',
      ({ relay }) => byTarget(relay, 'droppedPackets'),
    ],
    [
      'relay_packets_failed_total',
      'Relay packets that could not be sent.',
      ({ relay }) => byTarget(relay, 'failedPackets'),
    ],
    ['series_expired_total', 'Series removed because their ttl had expired.', ({ counts }) => counts.expired],
    ['scrapes_cut_total', 'Scrapes cut off by newer ones.', ({ counts }) => counts.cutScrapes],
    [
      'series_refused_samples_total',
      'Samples dropped because their series would have exceeded a limit.',
      ({ counts }) => byLabel('reason', Object.entries(counts.seriesRefused)),
    ],
    [
      'sketch_lost_samples_total',
      'Samples missing from quantiles and members missing from sets for lack of memory; sums and counts are complete.',
      ({ registry }) => registry.memory.lostSamples,
    ],
    [
      'tcp_connections_refused_total',
      'TCP connections refused because too many were open.',
      ({ counts }) => counts.tcp.refusedConnections,
    ],
    [
      'udp_kernel_drops_total',
      'Datagrams dropped by the kernel because the receive buffer was full.',
      bySocket(({ drops }) => drops),
    ],
    [
      'unix_connections_total',
      'Connections accepted on the unix stream socket.',
      ({ counts }) => counts.unix.connections,
    ],
    [
      'unix_connection_errors_total',
      'Connections to the unix stream socket that failed.',
      ({ counts }) => counts.unix.connectionErrors,
    ],
    [
      'unix_connections_refused_total',
      'Connections to the unix stream socket refused because too many were open.',
      ({ counts }) => counts.unix.refusedConnections,
    ],
    [
      'unix_too_long_lines_total',
      'Connections to the unix stream socket closed because a line was too long.',
      ({ counts }) => counts.unix.tooLongLines,
    ],
    [
      'unixgram_cut_packets_total',
      'Datagrams on the unix socket that were longer than 65,535 bytes and lost their end.',
      ({ counts }) => counts.unixgramCutPackets,
    ],
  ]),
  ...gauges('statsd_adaptor_', [
    [
      'mapping_info',
      'Always 1; the SHA-256 of the loaded mapping file is a label.',
      ({ rules: { sha256 } }) => (sha256 === undefined ? [] : byLabel('sha256', [[sha256, 1]])),
    ],
    ['series', 'Series exposed.', ({ registry }) => registry.seriesCount],
    ['series_memory_bytes', 'Estimated memory of all series.', ({ registry }) => registry.memory.usedBytes],
    [
      'udp_queued_bytes',
      'Bytes waiting in the receive buffer, as the kernel accounts them.',
      bySocket(({ queuedBytes }) => queuedBytes),
    ],
    [
      'udp_receive_buffer_bytes',
      'Size of the receive buffer granted, as the kernel accounts it.',
      bySocket(({ receiveBufferBytes }) => receiveBufferBytes),
    ],
  ]),
];

function bySocket(read: (socket: SocketState) => number): OwnMetric['read'] {
  return ({ sockets }) => {
    const values = sockets.states.map((socket) => [socket.address, read(socket)] as const);
    return byLabel('address', values);
  };
}
