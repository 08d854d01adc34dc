import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import { aborted, describeError, systemCode } from '@pod-patterns/kit';
import { connectionOutcome, withDeadline } from '../over-tcp/open-connection.ts';
import type { Outcome, Records, Sink } from '../sink.ts';
import { messagesOf } from './messages.ts';
import type { SyslogAddress } from './syslog-url.ts';

/** A receiver's buffer holds a few hundred datagrams, and the receiver needs time to read them. */
const burst = 64;
const burstMs = 2;
/** After this the name may have another address. */
const longestUseMs = 30_000;

/**
 * Sends each message in a datagram of its own, in small bursts. Handed to the network counts as delivered. Only if the
 * receiving machine reports that nothing listens on the port, the whole batch is sent again.
 */
export class DatagramSink implements Sink {
  readonly name: string;
  readonly #address: SyslogAddress;
  #open: { readonly socket: Socket; readonly sinceMs: number } | undefined;
  #failure: Error | undefined;

  constructor(name: string, address: SyslogAddress) {
    this.name = name;
    this.#address = address;
  }

  async send({ bytes }: Records, signal: AbortSignal): Promise<Outcome> {
    try {
      const socket = await this.#socket(signal);
      let count = 0;
      for (const message of messagesOf(bytes)) {
        await sendOne(socket, message);
        if (++count % burst === 0) await delay(burstMs, undefined, { signal });
      }
      // receive network errors for the last datagrams
      await turn();
      await turn();
      if (this.#failure !== undefined) throw this.#failure;
      return { kind: 'accepted' };
    } catch (error) {
      signal.throwIfAborted();
      this.#close();
      if (systemCode(error) === 'EMSGSIZE') return { kind: 'too-large', detail: describeError(error) };
      return connectionOutcome(error, true);
    }
  }

  /** The message as it was sent. */
  letter({ bytes }: Records): Buffer {
    return Buffer.concat([...messagesOf(bytes), Buffer.from('\n')]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#close();
  }

  async #socket(signal: AbortSignal): Promise<Socket> {
    const isOld = (this.#open?.sinceMs ?? 0) + longestUseMs < performance.now();
    if (isOld) this.#close();
    if (this.#open !== undefined) return this.#open.socket;
    const { host, port, settings } = this.#address;
    const { address, family } = await withDeadline({ timeoutMs: settings.timeoutMs, signal }, (cut) =>
      Promise.race([lookup(host), failing(cut)]),
    );
    const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
    this.#failure = undefined;
    socket.on('error', (error) => {
      this.#failure = error;
    });
    this.#open = { socket, sinceMs: performance.now() };
    await new Promise<void>((resolve) => socket.connect(port, address, resolve));
    return socket;
  }

  #close(): void {
    this.#open?.socket.close();
    this.#open = undefined;
    this.#failure = undefined;
  }
}

function sendOne(socket: Socket, message: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send(message, (error) => (error === null ? resolve() : reject(error)));
  });
}

async function failing(cut: AbortSignal): Promise<never> {
  await aborted(cut);
  throw cut.reason;
}
