import { describeError, systemCode } from '@pod-patterns/kit';
import { type Failure, failure, type Reason } from '../outcome.ts';
import { isSystemError, systemFailure } from '../system-failure.ts';

const wordsFor: Partial<Record<Reason, string>> = {
  'tls-untrusted': 'its certificate is not signed by a trusted authority',
  'tls-expired': 'its certificate has expired or is not valid yet',
  'tls-name': 'its certificate is for another name',
  'tls-protocol': 'the TLS handshake failed',
};

function tlsReason(error: unknown): Reason | undefined {
  const code = systemCode(error) ?? '';
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') return 'tls-expired';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'tls-name';
  if (code === 'EPROTO' || /^ERR_(SSL|TLS|OSSL)_/.test(code)) return 'tls-protocol';
  // all others with a code come from OpenSSL's look at the certificates
  return code === '' || isSystemError(error) ? undefined : 'tls-untrusted';
}

/**
 * Explains a failed connection, with TLS or without: a server may refuse our certificate at any time.
 * An error without a code is a fault of ours and is thrown.
 */
export function peerFailure(error: unknown, address: string): Failure {
  const reason = tlsReason(error);
  if (reason === undefined) return systemFailure(error, address);
  const more = reason === 'tls-name' ? nameWords(error) : systemCode(error);
  return failure(reason, `${address}: ${wordsFor[reason]} (${more})`);
}

/** The part of Node's sentence that names the names. */
function nameWords(error: unknown): string {
  return describeError(error)
    .replace(/^.*altnames: /, '')
    .slice(0, 200);
}
