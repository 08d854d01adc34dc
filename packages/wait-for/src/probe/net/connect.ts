import { connect, type NetConnectOpts, type Socket } from 'node:net';
import type { Attempt } from '../attempt.ts';
import { addressesOf } from '../names/resolve.ts';
import type { Failure } from '../outcome.ts';
import { staggered } from '../staggered.ts';
import { mostTelling, systemFailure } from '../system-failure.ts';
import { type Destination, formatPlace } from './place.ts';

/** An open connection. Disposing of it hangs up. */
export interface Connected extends Disposable {
  readonly ok: true;
  readonly socket: Socket;
  /** `ADDRESS:PORT` that answered. */
  readonly address: string;
}

/** Time before the next address is tried too (RFC 8305). */
const nextAddressMs = 250;

/**
 * Connects to a place by name or address; of several addresses, to the first that accepts. The socket is cut when the
 * attempt's time is over or the result is disposed of.
 */
export async function connectTo(place: Destination, attempt: Attempt): Promise<Connected | Failure> {
  const addresses = await addressesOf(place, attempt);
  if ('ok' in addresses) return addresses;
  const tried: string[] = [];
  const result = await staggered(
    addresses,
    (host, lost) => {
      const address = formatPlace({ host, port: place.port });
      tried.push(address);
      attempt.waitFor('timeout', `no answer from ${tried.join(' and ')} (a Service without endpoints?)`);
      return open({ host, port: place.port }, { address, lost }, attempt);
    },
    nextAddressMs,
  );
  return 'ok' in result ? result : mostTelling(result);
}

/** Connects to a Unix socket. */
export async function connectToPath(path: string, attempt: Attempt): Promise<Connected | Failure> {
  attempt.waitFor('timeout', `no answer from ${path}`);
  // Node connects from its only thread, which must not be the first to ask a file system that may not answer
  const found = await attempt.surroundings.files.look(path);
  if ('ok' in found) return found;
  return open({ path }, { address: path }, attempt);
}

function open(
  where: NetConnectOpts,
  { address, lost }: { readonly address: string; readonly lost?: AbortSignal },
  attempt: Attempt,
): Promise<Connected | Failure> {
  const socket = connect(where);
  const cut = () => void socket.destroy();
  const ends = lost === undefined ? [attempt.signal] : [attempt.signal, lost];
  for (const end of ends) end.addEventListener('abort', cut, { once: true });
  if (attempt.signal.aborted) cut();
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve({ ok: true, socket, address, [Symbol.dispose]: cut }));
    // kept for the life of the socket: a reset may arrive after all other listeners are removed
    socket.on('error', (error) => {
      try {
        resolve(systemFailure(error, address));
      } catch (fault) {
        reject(fault);
      }
    });
    socket.once('close', () => {
      for (const end of ends) end.removeEventListener('abort', cut);
      resolve(attempt.interrupted());
    });
  });
}
