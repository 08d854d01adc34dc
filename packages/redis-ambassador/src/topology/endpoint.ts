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

/** How to reach and log in to the servers of one upstream, wherever they are. */
export interface Reach {
  readonly tls: TlsFiles | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly db: number;
}

/** A Redis server and how to log in there. */
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

  /** The address for people: `redis.default.svc:6379` or `/run/redis.sock`. */
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

/** The host of a URL: an IPv6 address stands in brackets there. */
export function withoutBrackets(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}

/** An address for people. */
export function nameOf(address: Address): string {
  if ('path' in address) return address.path;
  const { host, port } = address;
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
