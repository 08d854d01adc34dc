import type { PeerCertificate, TLSSocket } from 'node:tls';
import type { Attempt } from '../attempt.ts';
import { type Failure, failure } from '../outcome.ts';
import type { Connected } from './connect.ts';
import { peerFailure } from './peer-failure.ts';
import { isAddress } from './place.ts';
import { type PemFiles, readContext } from './secure-context.ts';

/** Requirements for a TLS connection. */
export interface TlsWishes extends PemFiles {
  /** Whose certificate it must be. */
  readonly host: string;
  /** Name to request, if it differs from `host`. */
  readonly sni?: string | undefined;
  readonly isInsecure?: boolean;
  readonly protocols?: readonly string[];
}

/** A connection with an authenticated peer. */
export interface Secured extends Connected {
  readonly certificate: PeerCertificate;
}

/** Starts TLS on a connection and verifies the peer. Cuts the connection if that fails. */
export async function secure(
  { socket, address }: Connected,
  wishes: TlsWishes,
  attempt: Attempt,
): Promise<Secured | Failure> {
  const read = await readContext(wishes, attempt.surroundings.files);
  if (!read.ok) {
    socket.destroy();
    return read;
  }
  if (socket.destroyed) return closed(address);
  // TLS is a fifth of the start of a process; most targets need none
  const { connect } = await import('node:tls');
  attempt.waitFor('timeout', `connected to ${address}, but the TLS handshake did not end`);
  const name = wishes.sni ?? wishes.host;
  const secured = connect({
    socket,
    host: name,
    ...(isAddress(name) ? {} : { servername: name }),
    secureContext: read.context,
    rejectUnauthorized: wishes.isInsecure !== true,
    ...(wishes.protocols === undefined ? {} : { ALPNProtocols: [...wishes.protocols] }),
  });
  return handshake(secured, address, attempt);
}

function handshake(socket: TLSSocket, address: string, attempt: Attempt): Promise<Secured | Failure> {
  const cut = () => socket.destroy();
  return new Promise((resolve, reject) => {
    socket.once('secureConnect', () => {
      const certificate = socket.getPeerCertificate();
      resolve({ ok: true, socket, address, certificate, [Symbol.dispose]: cut });
    });
    socket.on('error', (error) => {
      socket.destroy();
      try {
        resolve(peerFailure(error, address));
      } catch (fault) {
        reject(fault);
      }
    });
    socket.once('close', () => resolve(attempt.signal.aborted ? attempt.interrupted() : closed(address)));
  });
}

function closed(address: string): Failure {
  return failure('reset', `${address} closed the connection during the TLS handshake`);
}
