import { connect, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions as TlsOptions } from 'node:tls';
import { describeError, systemCode } from '@pod-patterns/kit';
import type { Outcome } from '../sink.ts';

export interface TcpTarget {
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
}

export interface ConnectionOptions {
  /** Without this the connection is not encrypted. */
  readonly tls: Pick<TlsOptions, 'ca' | 'cert' | 'key' | 'session'> | undefined;
  /** Aborts with its reason: the deadline of the request or of the stop. */
  readonly signal: AbortSignal;
}

/** No answer came before the deadline. */
export class Late extends Error {}

/** The receiver closed a connection that was still needed. */
export class Closed extends Error {
  constructor() {
    super('the receiver closed the connection');
  }
}

/**
 * Opens a connection, and with TLS verifies the receiver. It is destroyed if `signal` aborts.
 * @throws the system's error, that of TLS, or the reason of `signal`
 */
export function openConnection({ host, port }: TcpTarget, options: ConnectionOptions): Promise<Socket> {
  const { tls, signal } = options;
  signal.throwIfAborted();
  const socket =
    tls === undefined ? connect({ host, port, noDelay: true }) : connectTls({ host, port, ...tls });
  const cut = () => socket.destroy(signal.reason);
  signal.addEventListener('abort', cut, { once: true });
  return new Promise<Socket>((resolve, reject) => {
    socket.once(tls === undefined ? 'connect' : 'secureConnect', () => resolve(socket));
    socket.on('error', reject);
    socket.once('close', () => {
      signal.removeEventListener('abort', cut);
      reject(new Closed());
    });
  });
}

/** Outcome for the records of a connection that failed. */
export function connectionOutcome(
  error: unknown,
  mayHaveArrived: boolean,
): Extract<Outcome, { kind: 'retry' }> {
  const own = error instanceof Late ? 'timeout' : error instanceof Closed ? 'closed' : undefined;
  const reason = own ?? systemCode(error) ?? 'protocol';
  return { kind: 'retry', reason, detail: describeError(error), mayHaveArrived };
}

/** Runs with a signal that also aborts at the deadline, with `Late`. */
export async function withDeadline<Value>(
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
  run: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Late('no answer in time')), timeoutMs);
  try {
    return await run(AbortSignal.any([signal, late.signal]));
  } finally {
    clearTimeout(timer);
  }
}
