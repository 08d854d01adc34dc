/** Address of a Redis server. */
export type Address = { readonly host: string; readonly port: number } | { readonly path: string };

/** Files for TLS, read again at each connection, as they are renewed at run time. */
export interface TlsFiles {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  /** Name required in the server's certificate; by default the host of the address. */
  readonly sni: string | undefined;
}

/** Login, database and TLS for the servers of one upstream. */
export interface Reach {
  readonly tls: TlsFiles | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly db: number;
}

/** A Redis server with its login. */
export class Endpoint implements Reach {
  readonly address: Address;
  readonly tls: TlsFiles | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly db: number;

  constructor({ address, tls, user, password, db }: Reach & Pick<Endpoint, 'address'>) {
    this.address = address;
    this.tls = tls;
    this.user = user;
    this.password = password;
    this.db = db;
  }

  /** Readable address: `redis.default.svc:6379` or `/run/redis.sock`. */
  get name(): string {
    return nameOf(this.address);
  }

  /** Shown instead of the fields, which hold the password. */
  toJSON(): string {
    const login = this.user === undefined ? '' : `${encodeURIComponent(this.user)}@`;
    if ('path' in this.address) return `unix:${this.name}?db=${this.db}`;
    return `${this.tls === undefined ? 'redis' : 'rediss'}://${login}${this.name}/${this.db}`;
  }
}

/** Removes the brackets of an IPv6 address in a URL. */
export function withoutBrackets(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}

/** Formats an address for people. */
export function nameOf(address: Address): string {
  if ('path' in address) return address.path;
  const { host, port } = address;
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
