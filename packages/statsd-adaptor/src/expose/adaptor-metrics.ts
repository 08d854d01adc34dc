import type { SocketState } from '../listen/udp-sockets.ts';
import { byLabel, byTarget, counters, gauges, type OwnMetric } from './own-metric.ts';

/** What upstream does not tell of itself. */
export const adaptorMetrics: readonly OwnMetric[] = [
  ...counters('statsd_adaptor_', [
    [
      'dogstatsd_events_total',
      'DogStatsD events received; they are not kept.',
      ({ counts }) => counts.dogstatsdEvents,
    ],
    [
      'dogstatsd_service_checks_total',
      'DogStatsD service checks received; they are not kept.',
      ({ counts }) => counts.dogstatsdServiceChecks,
    ],
    [
      'internal_errors_total',
      'Times that lines were lost by a fault of this program.',
      ({ counts }) => counts.internalErrors,
    ],
    [
      'relay_packets_dropped_total',
      'Packets not relayed because too many waited to be sent.',
      ({ relay }) => byTarget(relay, 'droppedPackets'),
    ],
    [
      'relay_packets_failed_total',
      'Packets that could not be sent.',
      ({ relay }) => byTarget(relay, 'failedPackets'),
    ],
    ['series_expired_total', 'Series removed because their ttl was over.', ({ counts }) => counts.expired],
    ['scrapes_cut_total', 'Scrapes cut off because newer ones came.', ({ counts }) => counts.cutScrapes],
    [
      'series_refused_samples_total',
      'Samples lost because their series would have been beyond a limit.',
      ({ counts }) => byLabel('reason', Object.entries(counts.seriesRefused)),
    ],
    [
      'sketch_lost_samples_total',
      'Samples missing from quantiles and members of sets for want of memory; sum and count have them.',
      ({ registry }) => registry.memory.lostSamples,
    ],
    [
      'tcp_connections_refused_total',
      'TCP connections refused because too many were open.',
      ({ counts }) => counts.tcp.refusedConnections,
    ],
    [
      'udp_kernel_drops_total',
      'Datagrams that the kernel dropped because the receive buffer was full.',
      bySocket(({ drops }) => drops),
    ],
    [
      'unix_connections_total',
      'Connections accepted on the unix stream socket.',
      ({ counts }) => counts.unix.connections,
    ],
    [
      'unix_connection_errors_total',
      'Connections of the unix stream socket that failed.',
      ({ counts }) => counts.unix.connectionErrors,
    ],
    [
      'unix_connections_refused_total',
      'Connections of the unix stream socket refused because too many were open.',
      ({ counts }) => counts.unix.refusedConnections,
    ],
    [
      'unix_too_long_lines_total',
      'Connections of the unix stream socket ended because a line was too long.',
      ({ counts }) => counts.unix.tooLongLines,
    ],
    [
      'unixgram_cut_packets_total',
      'Datagrams of the unix socket longer than 65,535 bytes, whose end was lost.',
      ({ counts }) => counts.unixgramCutPackets,
    ],
  ]),
  ...gauges('statsd_adaptor_', [
    [
      'mapping_info',
      'Always 1; the SHA-256 of the loaded mapping file is a label.',
      ({ rules: { sha256 } }) => (sha256 === undefined ? [] : byLabel('sha256', [[sha256, 1]])),
    ],
    ['series', 'Series that are exposed.', ({ registry }) => registry.seriesCount],
    [
      'series_memory_bytes',
      'Memory that series take, by estimate.',
      ({ registry }) => registry.memory.usedBytes,
    ],
    [
      'udp_queued_bytes',
      'Bytes that wait in the receive buffer, as the kernel accounts them.',
      bySocket(({ queuedBytes }) => queuedBytes),
    ],
    [
      'udp_receive_buffer_bytes',
      'Size of the receive buffer that the kernel gave, as it accounts it.',
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
