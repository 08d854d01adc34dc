import { connect, type Socket } from 'node:net';
import type { Attempt } from '../attempt.ts';
import type { Failure } from '../outcome.ts';
import { systemFailure } from '../system-failure.ts';
import { type Destination, formatPlace, isAddress } from './place.ts';

/** An open connection. Disposing of it hangs up. */
export interface Connected extends Disposable {
  readonly ok: true;
  readonly socket: Socket;
  /** `ADDRESS:PORT` that answered. */
  readonly address: string;
}

/**
 * Connects to a place by name or address; tries the addresses of a name in turn. The socket is cut when the
 * attempt's time is over or the result is disposed of.
 */
export function connectTo(place: Destination, attempt: Attempt): Promise<Connected | Failure> {
  const { host, port, family = 0 } = place;
  const wanted = formatPlace(place);
  const tried: string[] = [];
  const waitForAnswer = () => {
    const where = tried.length === 0 ? wanted : tried.join(' and ');
    attempt.waitFor('timeout', `no answer from ${where} (a Service without endpoints?)`);
  };
  if (isAddress(host)) waitForAnswer();
  else attempt.waitFor('dns-failed', `no answer from the DNS server for ${host}`);
  const { lookups } = attempt.surroundings;
  const socket = connect({
    host,
    port,
    family,
    autoSelectFamily: true,
    lookup: (name, _, callback) => {
      lookups.resolve(name, family, (error, addresses) => callback(error, addresses));
    },
  });
  socket.on('connectionAttempt', (ip: string, toPort: number) => {
    tried.push(formatPlace({ host: ip, port: toPort }));
    waitForAnswer();
  });
  return opened(socket, attempt, { where: wanted, address: () => tried.at(-1) ?? wanted });
}

/** Connects to a Unix socket. */
export function connectToPath(path: string, attempt: Attempt): Promise<Connected | Failure> {
  attempt.waitFor('timeout', `no answer from ${path}`);
  return opened(connect({ path }), attempt, { where: path, address: () => path });
}

function opened(
  socket: Socket,
  attempt: Attempt,
  { where, address }: { where: string; address: () => string },
): Promise<Connected | Failure> {
  const cut = () => socket.destroy();
  attempt.signal.addEventListener('abort', cut, { once: true });
  return new Promise((resolve, reject) => {
    socket.once('connect', () => {
      resolve({ ok: true, socket, address: remoteOf(socket) ?? address(), [Symbol.dispose]: cut });
    });
    // stays for the life of the socket: a reset may come when nobody listens for it any more
    socket.on('error', (error) => {
      try {
        resolve(systemFailure(error, where));
      } catch (fault) {
        reject(fault);
      }
    });
    socket.once('close', () => {
      attempt.signal.removeEventListener('abort', cut);
      resolve(attempt.interrupted());
    });
  });
}

function remoteOf({ remoteAddress, remotePort }: Socket): string | undefined {
  if (remoteAddress === undefined || remotePort === undefined) return undefined;
  return formatPlace({ host: remoteAddress, port: remotePort });
}
