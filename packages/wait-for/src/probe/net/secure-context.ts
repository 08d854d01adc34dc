import type { SecureContext } from 'node:tls';
import { systemCode } from '@pod-patterns/kit';
import type { Files } from '../files.ts';
import { type Failure, failure, ours } from '../outcome.ts';

/** PEM files. `ca` replaces the default roots. */
export interface PemFiles {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

type Pems = { readonly [Name in keyof PemFiles]?: Buffer };
type Tls = typeof import('node:tls');

/**
 * Reads certificates and key at each try, because they are rotated, and names the unusable file: between two writes it
 * is empty, cut off, or does not match the other.
 */
export async function readContext(
  paths: PemFiles,
  files: Files,
): Promise<{ readonly ok: true; readonly context: SecureContext } | Failure> {
  const pems: { -readonly [Name in keyof Pems]: Pems[Name] } = {};
  for (const name of ['ca', 'cert', 'key'] as const) {
    const path = paths[name];
    if (path === undefined) continue;
    const read = await files.readBytes(path);
    if (!Buffer.isBuffer(read)) return ours(read);
    pems[name] = read;
  }
  const tls = await import('node:tls');
  if (pems.ca !== undefined && !(await holdsCertificate(pems.ca))) return useless(paths.ca, 'certificate');
  try {
    return { ok: true, context: tls.createSecureContext(pems) };
  } catch (error) {
    return faultOf(error, { paths, pems, tls });
  }
}

/** OpenSSL skips unreadable authorities, and then trusts no server. */
async function holdsCertificate(pem: Buffer): Promise<boolean> {
  if (!pem.includes('-----BEGIN ')) return false;
  const { X509Certificate } = await import('node:crypto');
  try {
    new X509Certificate(pem);
    return true;
  } catch {
    return false;
  }
}

/** OpenSSL does not say which file it means. */
function faultOf(
  error: unknown,
  { paths, pems, tls }: { readonly paths: PemFiles; readonly pems: Pems; readonly tls: Tls },
): Failure {
  const { cert, key } = paths;
  if (systemCode(error) === 'ERR_OSSL_X509_KEY_VALUES_MISMATCH') {
    return ours(failure('mismatch', `the key in ${key} does not match the certificate in ${cert}`));
  }
  try {
    tls.createSecureContext({ cert: pems.cert });
    return useless(key, 'private key');
  } catch {
    return useless(cert, 'certificate');
  }
}

function useless(path: string | undefined, what: string): Failure {
  return ours(failure('mismatch', `${path} contains no ${what} in PEM`));
}
