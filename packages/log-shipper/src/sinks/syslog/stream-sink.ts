import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { describeError } from '@pod-patterns/kit';
import { Closed, connectionOutcome, openConnection, withDeadline } from '../over-tcp/open-connection.ts';
import type { Outcome, Records, Sink } from '../sink.ts';
import { TlsFiles } from '../tls-files.ts';
import type { SyslogAddress } from './syslog-url.ts';

/** A batch of at least this many bytes gets a connection at once. */
const worthwhileBytes = 64 * 1024;
/** Least time between the last byte and our end of a connection. */
const settleMs = 10;

/**
 * Sends each batch over its own connection, and ends it. Syslog has no acknowledgement; but a receiver that closes after
 * our end has read everything: if it closes earlier, or with unread bytes, its system resets the connection. So no
 * connection is ever idle.
 */
export class StreamSink implements Sink {
  readonly name: string;
  readonly #address: SyslogAddress;
  readonly #tls: TlsFiles;
  /** Makes the next TLS handshake short. */
  #session: Buffer | undefined;
  #openedAtMs = Number.NEGATIVE_INFINITY;

  constructor(name: string, address: SyslogAddress) {
    this.name = name;
    this.#address = address;
    this.#tls = new TlsFiles(address.settings);
  }

  async send({ bytes }: Records, signal: AbortSignal): Promise<Outcome> {
    const { settings, transport } = this.#address;
    if (bytes.length < worthwhileBytes) await this.#untilDue(signal);
    let tls: Record<string, string> | undefined;
    try {
      tls = transport === 'tls' ? await this.#tls.read() : undefined;
    } catch (error) {
      return { kind: 'retry', reason: 'credentials', detail: describeError(error) };
    }
    const sent = { any: false };
    try {
      await withDeadline({ timeoutMs: settings.timeoutMs, signal }, async (cut) => {
        const openedAtMs = performance.now();
        const session = this.#session === undefined ? {} : { session: this.#session };
        const socket = await openConnection(this.#address, {
          tls: tls && { ...tls, ...session },
          signal: cut,
        });
        this.#openedAtMs = performance.now();
        sent.any = true;
        socket.on('session', (next: Buffer) => {
          this.#session = next;
        });
        await handOver(socket, bytes, Math.max(settleMs, 2 * (this.#openedAtMs - openedAtMs)));
      });
      return { kind: 'accepted' };
    } catch (error) {
      signal.throwIfAborted();
      this.#session = undefined;
      return connectionOutcome(error, sent.any);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  /** Waits for more lines, so that a trickle of lines does not need a connection for each. */
  async #untilDue(signal: AbortSignal): Promise<void> {
    const waitMs = this.#openedAtMs + this.#address.settings.intervalMs - performance.now();
    if (waitMs > 0) await delay(waitMs, undefined, { signal });
  }
}

/**
 * Writes all bytes, waits until a receiver that refuses them would have closed, and ends the connection.
 * Resolves when the receiver has ended it too.
 * @throws if it does so earlier, or if the connection breaks
 */
function handOver(socket: Socket, bytes: Buffer, settledMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let isEnded = false;
    let settling: NodeJS.Timeout | undefined;
    const end = () => {
      if (socket.destroyed) return;
      isEnded = true;
      socket.end();
    };
    socket.on('error', reject);
    socket.on('end', () => {
      if (isEnded) return;
      reject(new Closed());
      socket.destroy();
    });
    socket.on('close', (hadError) => {
      clearTimeout(settling);
      if (isEnded && !hadError) resolve();
      else reject(new Closed());
    });
    socket.resume();
    socket.write(bytes, (error) => {
      if (error) return;
      // a busy machine runs the timer late and before pending events: handle those first
      settling = setTimeout(() => setImmediate(end), settledMs);
    });
  });
}
