import { Refusal, readParameters, readUrl } from '@pod-patterns/kit';

/** Where a Redis server is. */
export type Address = { readonly host: string; readonly port: number } | { readonly path: string };

/** Files of a TLS connection; read again at every connection, as they are renewed while we run. */
export interface TlsFiles {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  /** Name that the server's certificate must bear; the host of the address unless given. */
  readonly sni: string | undefined;
}

/** A Redis server and how to log in there. */
export class Endpoint {
  readonly address: Address;
  readonly tls: TlsFiles | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly db: number;

  constructor({ address, tls, user, password, db }: Omit<Endpoint, 'name' | 'toJSON'>) {
    this.address = address;
    this.tls = tls;
    this.user = user;
    this.password = password;
    this.db = db;
  }

  /** The address for people: `redis.default.svc:6379` or `/run/redis.sock`. */
  get name(): string {
    if ('path' in this.address) return this.address.path;
    const { host, port } = this.address;
    return `${host.includes(':') ? `[${host}]` : host}:${port}`;
  }

  /** Shown instead of the fields, which hold the password. */
  toJSON(): string {
    const login = this.user === undefined ? '' : `${encodeURIComponent(this.user)}@`;
    if ('path' in this.address) return `unix:${this.name}?db=${this.db}`;
    return `${this.tls === undefined ? 'redis' : 'rediss'}://${login}${this.name}/${this.db}`;
  }
}

const defaultPort = 6379;
const tlsKeys = ['ca', 'cert', 'key', 'sni'] as const;

/**
 * Reads `redis://[user:password@]host[:port][/db]`, `rediss://…` (or `tls=1`) with `ca= cert= key= sni=`, and
 * `unix:/path?db=&user=`. Undefined for what is not of such a form, and a reason for what is nearly.
 */
export function readEndpoint(text: string): Endpoint | Refusal | undefined {
  const [other] = /^redis-(?:sentinel|cluster|ring):/i.exec(text) ?? [];
  if (other !== undefined) return new Refusal(`${other.toLowerCase()}// is not supported by this version`);
  const url = readUrl(text);
  if (!(url instanceof URL)) return url;
  if (!['redis:', 'rediss:', 'unix:'].includes(url.protocol)) return undefined;
  if (url.hash !== '') return new Refusal('takes no #');
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
  const address = { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || defaultPort) };
  if (address.host === '') return undefined;
  const db = readDb(url.pathname.slice(1) || '0');
  if (db instanceof Refusal) return db;
  const tls = readTls(url);
  if (tls instanceof Refusal) return tls;
  return new Endpoint({
    address,
    tls,
    user: decodeURIComponent(url.username) || undefined,
    password: decodeURIComponent(url.password) || undefined,
    db,
  });
}

function readTls({ protocol, search }: URL): TlsFiles | Refusal | undefined {
  const query = readParameters(search.slice(1), ['tls', ...tlsKeys]);
  if (query instanceof Refusal) return query;
  const wanted = query.get('tls') ?? '0';
  if (wanted !== '0' && wanted !== '1') return new Refusal('tls: expected 0 or 1');
  if (protocol === 'redis:' && wanted === '0') {
    const one = tlsKeys.find((name) => query.has(name));
    return one === undefined ? undefined : new Refusal(`${one} is for rediss:// only`);
  }
  if (query.has('cert') !== query.has('key')) return new Refusal('cert and key go together');
  return { ca: query.get('ca'), cert: query.get('cert'), key: query.get('key'), sni: query.get('sni') };
}

function readDb(text: string): number | Refusal {
  return /^\d{1,5}$/.test(text) ? Number(text) : new Refusal('the database is not a number from 0 to 99999');
}
