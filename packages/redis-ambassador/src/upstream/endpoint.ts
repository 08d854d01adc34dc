import { type HostPort, readHostPort } from '@pod-patterns/kit';

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
const tlsQuery = ['ca', 'cert', 'key', 'sni'];

/**
 * Reads `redis://[user:password@]host[:port][/db]`, `rediss://…` (or `tls=1`) with `ca= cert= key= sni=`, and
 * `unix:/path?db=&user=`. Undefined for anything else, also for a query it does not know.
 */
export function readEndpoint(text: string): Endpoint | undefined {
  const url = URL.parse(text);
  if (url === null || url.hash !== '') return undefined;
  try {
    return url.protocol === 'unix:' ? readUnix(url, text) : readTcp(url);
  } catch {
    return undefined; // a percent sign that encodes nothing
  }
}

function readUnix(url: URL, text: string): Endpoint | undefined {
  const query = readQuery(url, ['db', 'user']);
  const db = readDb(query?.get('db') ?? '0');
  if (query === undefined || db === undefined || !text.startsWith('unix:/') || url.host !== '')
    return undefined;
  const path = decodeURIComponent(url.pathname);
  if (path === '/') return undefined;
  const user = query.get('user');
  return new Endpoint({ address: { path }, tls: undefined, user, password: undefined, db });
}

function readTcp(url: URL): Endpoint | undefined {
  if (url.protocol !== 'redis:' && url.protocol !== 'rediss:') return undefined;
  const query = readQuery(url, ['tls', ...tlsQuery]);
  const db = readDb(url.pathname.slice(1) || '0');
  const address = readAddress(url);
  if (query === undefined || db === undefined || address === undefined) return undefined;
  const isTls = url.protocol === 'rediss:' || query.get('tls') === '1';
  const isTlsClear = ['0', '1', undefined].includes(query.get('tls'));
  if (!isTlsClear || (!isTls && tlsQuery.some((name) => query.has(name)))) return undefined;
  if (query.has('cert') !== query.has('key')) return undefined;
  return new Endpoint({
    address,
    tls: isTls
      ? { ca: query.get('ca'), cert: query.get('cert'), key: query.get('key'), sni: query.get('sni') }
      : undefined,
    user: decodeURIComponent(url.username) || undefined,
    password: decodeURIComponent(url.password) || undefined,
    db,
  });
}

function readAddress(url: URL): { host: string; port: number } | undefined {
  const read: HostPort | undefined = readHostPort(`${url.hostname}:${url.port || defaultPort}`);
  if (read?.host === undefined || read.port === 0) return undefined;
  return { host: read.host, port: read.port };
}

/** The query as a map; undefined when a name is unknown, empty or there twice. */
function readQuery(url: URL, known: readonly string[]): Map<string, string> | undefined {
  const query = new Map<string, string>();
  for (const [name, value] of url.searchParams) {
    if (!known.includes(name) || query.has(name) || value === '') return undefined;
    query.set(name, value);
  }
  return query;
}

function readDb(text: string): number | undefined {
  return /^\d{1,5}$/.test(text) ? Number(text) : undefined;
}
