import type { PeerCertificate, TLSSocket } from 'node:tls';
import { describeError, systemCode } from '@pod-patterns/kit';
import type { Attempt } from '../attempt.ts';
import type { Files } from '../files.ts';
import { type Failure, failure, type Reason } from '../outcome.ts';
import { systemFailure } from '../system-failure.ts';
import type { Connected } from './connect.ts';
import { isAddress } from './place.ts';

export interface TlsWishes {
  /** Whose certificate it must be. */
  readonly host: string;
  /** The name to ask for when it is another than `host`. */
  readonly sni?: string | undefined;
  /** Files in PEM, read at each try, as certificates are rotated. `ca` takes the place of the usual roots. */
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly isInsecure?: boolean;
  readonly protocols?: readonly string[];
}

/** A connection whose peer has proved who it is. */
export interface Secured extends Connected {
  readonly certificate: PeerCertificate;
}

/** Makes a connection a TLS one and verifies the peer. The connection is cut if that fails. */
export async function secure(
  { socket, address }: Connected,
  wishes: TlsWishes,
  attempt: Attempt,
): Promise<Secured | Failure> {
  const files = await readPems(wishes, attempt.surroundings.files);
  if (!files.ok) {
    socket.destroy();
    return files;
  }
  // TLS is a fifth of the start of a process; most targets need none
  const { connect } = await import('node:tls');
  attempt.waitFor('timeout', `connected to ${address}, but the TLS handshake did not end`);
  const name = wishes.sni ?? wishes.host;
  const secured = connect({
    socket,
    host: name,
    ...(isAddress(name) ? {} : { servername: name }),
    ...files.pems,
    rejectUnauthorized: wishes.isInsecure !== true,
    ...(wishes.protocols === undefined ? {} : { ALPNProtocols: [...wishes.protocols] }),
  });
  return handshake(secured, address, attempt);
}

function handshake(socket: TLSSocket, address: string, attempt: Attempt): Promise<Secured | Failure> {
  const cut = () => socket.destroy();
  return new Promise((resolve) => {
    socket.once('secureConnect', () => {
      const certificate = socket.getPeerCertificate();
      resolve({ ok: true, socket, address, certificate, [Symbol.dispose]: cut });
    });
    socket.on('error', (error) => {
      socket.destroy();
      resolve(tlsFailure(error, address));
    });
    socket.once('close', () =>
      resolve(
        attempt.signal.aborted
          ? attempt.interrupted()
          : failure('reset', `${address} closed the connection during the TLS handshake`),
      ),
    );
  });
}

const untrusted: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_SIGNATURE_FAILURE',
  'CERT_CHAIN_TOO_LONG',
  'CERT_REVOKED',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
]);

const wordsFor: Partial<Record<Reason, string>> = {
  'tls-untrusted': 'its certificate is not signed by an authority that is trusted here',
  'tls-expired': 'its certificate is not valid at this time',
  'tls-name': 'its certificate is for another name',
  'tls-protocol': 'what answers does not speak TLS as we do',
};

function tlsReason(code: string): Reason | undefined {
  if (untrusted.has(code)) return 'tls-untrusted';
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') return 'tls-expired';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'tls-name';
  return code === 'EPROTO' || /^ERR_(SSL|TLS|OSSL)_/.test(code) ? 'tls-protocol' : undefined;
}

function tlsFailure(error: unknown, address: string): Failure {
  const code = systemCode(error) ?? '';
  const reason = tlsReason(code);
  if (reason === undefined) return systemFailure(error, address);
  const more = reason === 'tls-name' ? nameWords(error) : code;
  return failure(reason, `${address}: ${wordsFor[reason]} (${more})`);
}

/** The part of Node's sentence that names the names. */
function nameWords(error: unknown): string {
  return describeError(error)
    .replace(/^.*altnames: /, '')
    .slice(0, 200);
}

type Pems = { readonly ok: true; readonly pems: Readonly<Record<string, Buffer>> };

async function readPems({ ca, cert, key }: TlsWishes, files: Files): Promise<Pems | Failure> {
  const pems: Record<string, Buffer> = {};
  for (const [name, path] of Object.entries({ ca, cert, key })) {
    if (path === undefined) continue;
    const read = await files.readBytes(path);
    if (!Buffer.isBuffer(read)) return read;
    pems[name] = read;
  }
  return { ok: true, pems };
}
