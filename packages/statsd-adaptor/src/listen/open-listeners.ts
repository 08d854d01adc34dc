import { formatHostPort, type HostPort, type Logger } from '@pod-patterns/kit';
import type { Counts, StreamCounts } from '../counts.ts';
import type { Config } from '../options.ts';
import type { Pipeline } from '../pipeline.ts';
import { guarded, type Intake } from './guarded.ts';
import type { StreamOptions } from './stream-server.ts';
import { listenTcp } from './tcp.ts';
import { listenUdp } from './udp.ts';
import type { UdpSockets } from './udp-sockets.ts';
import { listenUnixStream } from './unix-stream.ts';
import { listenUnixgram } from './unixgram.ts';

export interface ListenersOptions {
  readonly config: Config;
  /** Over TCP, and to the unix stream socket. */
  readonly maxConnections: number;
  readonly pipeline: Pipeline;
  readonly counts: Counts;
  readonly sockets: UdpSockets;
  readonly log: Logger;
  /** Closes the listeners at shutdown. */
  readonly resources: AsyncDisposableStack;
}

/**
 * Opens the configured listeners.
 * @throws CodedError `listen-failed`
 */
export async function openListeners(options: ListenersOptions): Promise<void> {
  const { config, counts, log } = options;
  const intake = guarded(options.pipeline, counts, log);
  if (config.listenUdp !== null) await openUdp(config.listenUdp, intake, options);
  if (config.listenTcp !== null) await openTcp(config.listenTcp, intake, options);
  await openUnixSockets(intake, options);
}

async function openUdp(listen: HostPort, intake: Intake, options: ListenersOptions): Promise<void> {
  const { config, counts, log, resources } = options;
  const udp = await listenUdp({
    listen,
    receiveBufferBytes: config.readBuffer,
    onDatagram: (bytes) => {
      counts.udpPackets++;
      intake.takeDatagram(bytes);
    },
    onError: (error) => log.error('udp socket failed', { reason: error.message }),
  });
  options.sockets.add(resources.use(udp));
  const { receiveBufferBytes } = udp;
  log.info('listening', { protocol: 'udp', address: formatHostPort(udp.address), receiveBufferBytes });
}

async function openTcp(listen: HostPort, intake: Intake, options: ListenersOptions): Promise<void> {
  const { counts, log, resources } = options;
  const tcp = resources.use(await listenTcp(listen, streamOptions(intake, counts.tcp, options)));
  log.info('listening', { protocol: 'tcp', address: formatHostPort(tcp.address) });
}

async function openUnixSockets(intake: Intake, options: ListenersOptions): Promise<void> {
  const { config, counts, log, resources } = options;
  const { listenUnixgram: gramPath, listenUnixstream: streamPath } = config;
  if (gramPath === null && streamPath === null) return;
  if (config.unixsocketMode === null) log.warn('invalid --statsd.unixsocket-mode ignored');
  const mode = config.unixsocketMode ?? undefined;
  if (gramPath !== null) {
    resources.use(await listenUnixgram({ path: gramPath, mode, counts, intake }));
    log.info('listening', { protocol: 'unixgram', path: gramPath });
  }
  if (streamPath !== null) {
    const stream = streamOptions(intake, counts.unix, options);
    resources.use(await listenUnixStream(streamPath, mode, stream));
    log.info('listening', { protocol: 'unix', path: streamPath });
  }
}

function streamOptions(
  { takeLines, takeDatagram: takeLastLine }: Intake,
  counts: StreamCounts,
  { maxConnections }: ListenersOptions,
): StreamOptions {
  return { maxConnections, counts, takeLines, takeLastLine };
}
