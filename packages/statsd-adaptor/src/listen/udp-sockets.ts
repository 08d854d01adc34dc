import { formatHostPort, shareWhileRunning } from '@pod-patterns/kit';
import { ownKernelSockets } from './kernel-sockets.ts';
import type { UdpListener } from './udp.ts';

/** The kernel's view of one of our UDP sockets. */
export interface SocketState {
  readonly address: string;
  /** Size granted, as the kernel accounts it: about twice the payload that fits. */
  readonly receiveBufferBytes: number;
  readonly queuedBytes: number;
  /** Datagrams that did not fit in the receive buffer. */
  readonly drops: number;
}

/** The open UDP sockets, in the state of the last refresh. */
export class UdpSockets {
  readonly #listeners: UdpListener[] = [];
  #states: readonly SocketState[] = [];
  /** Reads the state from the kernel; concurrent calls share one read, as it looks at every open descriptor. */
  readonly refresh = shareWhileRunning(() => this.#ask());

  get states(): readonly SocketState[] {
    return this.#states;
  }

  add(listener: UdpListener): void {
    this.#listeners.push(listener);
  }

  /** Without /proc, queues and drops count as 0. */
  async #ask(): Promise<readonly SocketState[]> {
    const known = await ownKernelSockets();
    this.#states = this.#listeners.map(({ address, receiveBufferBytes }) => {
      const { queuedBytes = 0, drops = 0 } = known.find(({ port }) => port === address.port) ?? {};
      return { address: formatHostPort(address), receiveBufferBytes, queuedBytes, drops };
    });
    return this.#states;
  }
}
