import { formatHostPort } from '@pod-patterns/kit';
import { ownKernelSockets } from './kernel-sockets.ts';
import type { UdpListener } from './udp.ts';

/** A UDP socket of ours as the kernel sees it. */
export interface SocketState {
  readonly address: string;
  /** What it gave, by its own accounting: about twice the payload that fits. */
  readonly receiveBufferBytes: number;
  readonly queuedBytes: number;
  /** Datagrams that did not fit into the receive buffer. */
  readonly drops: number;
}

/** How the kernel sees these listeners now; without /proc nothing is known to be queued or dropped. */
export async function socketStates(listeners: readonly UdpListener[]): Promise<SocketState[]> {
  const known = await ownKernelSockets();
  return listeners.map(({ address, receiveBufferBytes }) => {
    const { queuedBytes = 0, drops = 0 } = known.find(({ port }) => port === address.port) ?? {};
    return { address: formatHostPort(address), receiveBufferBytes, queuedBytes, drops };
  });
}
