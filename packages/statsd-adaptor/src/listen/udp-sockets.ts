import { formatHostPort, shareWhileRunning } from '@pod-patterns/kit';
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

/** The UDP sockets that are open, as the kernel saw them when it was last asked. */
export class UdpSockets {
  readonly #listeners: UdpListener[] = [];
  #states: readonly SocketState[] = [];
  /** Asks the kernel, once for all who want to know at the time: a look at every open descriptor is not small. */
  readonly refresh = shareWhileRunning(() => this.#ask());

  get states(): readonly SocketState[] {
    return this.#states;
  }

  add(listener: UdpListener): void {
    this.#listeners.push(listener);
  }

  /** Without /proc nothing is known to be queued or dropped. */
  async #ask(): Promise<readonly SocketState[]> {
    const known = await ownKernelSockets();
    this.#states = this.#listeners.map(({ address, receiveBufferBytes }) => {
      const { queuedBytes = 0, drops = 0 } = known.find(({ port }) => port === address.port) ?? {};
      return { address: formatHostPort(address), receiveBufferBytes, queuedBytes, drops };
    });
    return this.#states;
  }
}
