import { Refusal, readParameters, readUrl } from '@pod-patterns/kit';
import { Endpoint, type TlsFiles, withoutBrackets } from './endpoint.ts';

/** Default port of Redis. */
export const defaultPort = 6379;
/** URL parameters for TLS; `tls=1` is the same as the scheme `rediss`. */
export const tlsKeys = ['ca', 'cert', 'key', 'sni'] as const;

/**
 * Reads `redis://[user:password@]host[:port][/db]`, `rediss://…` (or `tls=1`) with `ca= cert= key= sni=`, and
 * `unix:/path?db=&user=`. Undefined for another form; a refusal for a faulty URL of this form.
 */
export function readEndpoint(text: string): Endpoint | Refusal | undefined {
  const url = readUrl(text);
  if (!(url instanceof URL)) return url;
  if (!['redis:', 'rediss:', 'unix:'].includes(url.protocol)) return undefined;
  if (url.hash !== '') return new Refusal('must not contain #');
  try {
    return url.protocol === 'unix:' ? readUnix(url, text) : readTcp(url);
  } catch {
    return new Refusal('has a % that is not followed by two hexadecimal digits');
  }
}

function readUnix(url: URL, text: string): Endpoint | Refusal | undefined {
  const path = decodeURIComponent(url.pathname);
  if (!text.startsWith('unix:/') || url.host !== '' || path === '/') {
    return new Refusal('expected unix: and an absolute path');
  }
  const query = readParameters(url.search.slice(1), ['db', 'user']);
  if (query instanceof Refusal) return query;
  const db = readDb(query.get('db') ?? '0');
  if (db instanceof Refusal) return db;
  return new Endpoint({
    address: { path },
    tls: undefined,
    user: query.get('user'),
    password: undefined,
    db,
  });
}

function readTcp(url: URL): Endpoint | Refusal | undefined {
  const address = { host: withoutBrackets(url.hostname), port: Number(url.port || defaultPort) };
  if (address.host === '') return undefined;
  const db = readDb(url.pathname.slice(1) || '0');
  if (db instanceof Refusal) return db;
  const query = readParameters(url.search.slice(1), ['tls', ...tlsKeys]);
  if (query instanceof Refusal) return query;
  const tls = readTls(query, url.protocol === 'rediss:');
  if (tls instanceof Refusal) return tls;
  return new Endpoint({
    address,
    tls,
    user: decodeURIComponent(url.username) || undefined,
    password: decodeURIComponent(url.password) || undefined,
    db,
  });
}

/** Reads the TLS parameters of a URL; undefined without TLS. */
export function readTls(
  query: ReadonlyMap<string, string>,
  isImplied = false,
): TlsFiles | Refusal | undefined {
  const wanted = query.get('tls') ?? '0';
  if (wanted !== '0' && wanted !== '1') return new Refusal('tls: expected 0 or 1');
  if (!isImplied && wanted === '0') {
    const one = tlsKeys.find((name) => query.has(name));
    return one === undefined ? undefined : new Refusal(`${one} is for rediss:// and tls=1 only`);
  }
  if (query.has('cert') !== query.has('key')) return new Refusal('cert and key go together');
  return { ca: query.get('ca'), cert: query.get('cert'), key: query.get('key'), sni: query.get('sni') };
}

/** Reads the number of a database. */
export function readDb(text: string): number | Refusal {
  return /^\d{1,5}$/.test(text) ? Number(text) : new Refusal('the database is not a number from 0 to 99999');
}
