import { formatHostPort, type Logger } from '@pod-patterns/kit';
import type { Counts } from '../counts.ts';
import type { Config } from '../options.ts';
import type { Pipeline } from '../pipeline.ts';
import { guarded } from './guarded.ts';
import { listenTcp } from './tcp.ts';
import { listenUdp } from './udp.ts';
import type { UdpSockets } from './udp-sockets.ts';

export interface ListenersOptions {
  readonly config: Config;
  /** Over TCP. */
  readonly maxConnections: number;
  readonly pipeline: Pipeline;
  readonly counts: Counts;
  readonly sockets: UdpSockets;
  readonly log: Logger;
  /** Where what is opened is closed again. */
  readonly resources: AsyncDisposableStack;
}

/**
 * Opens what the options ask for.
 * @throws CodedError `listen-failed`
 */
export async function openListeners(options: ListenersOptions): Promise<void> {
  const { config, counts, log, resources } = options;
  const intake = guarded(options.pipeline, counts, log);
  if (config.listenUdp !== null) {
    const udp = await listenUdp({
      listen: config.listenUdp,
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
  if (config.listenTcp !== null) {
    const tcp = await listenTcp({
      listen: config.listenTcp,
      maxConnections: options.maxConnections,
      counts,
      takeLines: intake.takeLines,
      takeLastLine: intake.takeDatagram,
    });
    resources.use(tcp);
    log.info('listening', { protocol: 'tcp', address: formatHostPort(tcp.address) });
  }
}
