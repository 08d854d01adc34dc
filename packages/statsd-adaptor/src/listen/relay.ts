import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { CodedError, describeError, type FaultLog, formatHostPort, type HostPort } from '@pod-patterns/kit';
import { resolveHost } from './address.ts';

export interface RelayOptions {
  readonly target: HostPort;
  /** Maximum size of a packet, in bytes. */
  readonly packetBytes: number;
  readonly faults: Pick<FaultLog, 'failed' | 'recovered'>;
}

/** Counts of a relay. */
export interface RelayCounts {
  readonly target: string;
  packets: number;
  lines: number;
  /** Lines that do not fit in a packet. */
  longLines: number;
  /** Packets that could not be sent. */
  failedPackets: number;
  /** Packets dropped because the send queue was full. */
  droppedPackets: number;
}

const flushEveryMs = 1000;
const resolveEveryMs = 30_000;
const maxWaiting = 1000;

/**
 * Forwards a copy of every line to another StatsD server over UDP, many to a packet. If the target fails, that is
 * logged and counted; receiving continues, and the relay resumes when the target is back.
 */
export class Relay implements AsyncDisposable {
  readonly counts: RelayCounts;
  readonly #options: RelayOptions;
  readonly #packet: Buffer;
  readonly #timers: readonly NodeJS.Timeout[];
  readonly #socket: Socket;
  #host: string;
  #used = 0;
  #waiting = 0;
  #idle: (() => void) | undefined;

  private constructor(options: RelayOptions, host: string) {
    this.#options = options;
    this.#host = host;
    this.#packet = Buffer.alloc(options.packetBytes);
    const target = formatHostPort(options.target);
    this.counts = { target, packets: 0, lines: 0, longLines: 0, failedPackets: 0, droppedPackets: 0 };
    this.#socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4').on('error', (error) => this.#failed(error));
    this.#timers = [
      setInterval(() => this.#flush(), flushEveryMs).unref(),
      setInterval(() => void this.#resolve(), resolveEveryMs).unref(),
    ];
  }

  /** @throws CodedError `relay-target` if its name cannot be resolved */
  static async open(options: RelayOptions): Promise<Relay> {
    const host = await resolveHost(options.target.host ?? '127.0.0.1').catch((cause: unknown) => {
      const target = formatHostPort(options.target);
      throw new CodedError('relay-target', `cannot relay to ${target}: ${describeError(cause)}`, { cause });
    });
    return new Relay(options, host);
  }

  /** Takes the line bytes[start, end), which must not be empty. */
  add(bytes: Buffer, start: number, end: number): void {
    const length = end - start + 1;
    if (length > this.#packet.length) {
      this.counts.longLines++;
      return;
    }
    if (this.#used + length > this.#packet.length) this.#flush();
    bytes.copy(this.#packet, this.#used, start, end);
    this.#packet[this.#used + length - 1] = 10;
    this.#used += length;
    this.counts.lines++;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#flush();
    const { promise: idle, resolve } = Promise.withResolvers<void>();
    this.#idle = resolve;
    if (this.#waiting > 0) await idle;
    this.#socket.close();
  }

  #flush(): void {
    if (this.#used === 0) return;
    // the buffer is filled again while this packet is being sent
    const packet = Buffer.from(this.#packet.subarray(0, this.#used));
    this.#used = 0;
    if (this.#waiting >= maxWaiting) {
      this.counts.droppedPackets++;
      return;
    }
    this.#waiting++;
    this.counts.packets++;
    this.#socket.send(packet, this.#options.target.port, this.#host, (error) => {
      this.#waiting--;
      if (error !== null) this.#failed(error);
      else this.#options.faults.recovered();
      if (this.#waiting === 0) this.#idle?.();
    });
  }

  #failed(error: Error): void {
    this.counts.failedPackets++;
    this.#options.faults.failed(describeError(error), { target: this.counts.target });
  }

  /** Resolves the name again, within its address family; if that fails, the last address stays. */
  async #resolve(): Promise<void> {
    const host = await resolveHost(this.#options.target.host ?? '127.0.0.1').catch(() => this.#host);
    if (isIPv6(host) === isIPv6(this.#host)) this.#host = host;
  }
}
