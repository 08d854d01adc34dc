import { type Place, readAuthority } from '../place.ts';
import { type Scheme, scheme } from '../scheme.ts';

/** A port that must accept. */
export interface TcpSpec extends Place {
  readonly type: 'tcp';
  /** 0 takes either. */
  readonly family: 0 | 4 | 6;
}

/** A socket in the file system that must accept. */
export interface UnixSpec {
  readonly type: 'unix';
  readonly path: string;
}

function tcpScheme(name: string, family: TcpSpec['family']): Scheme {
  return scheme({
    form: `${name}://HOST:PORT`,
    keys: {},
    read: (rest) => {
      const place = readBarePlace(rest);
      if (typeof place === 'string') return place;
      return { spec: { type: 'tcp', family, ...place } };
    },
  });
}

/** Reads `//HOST:PORT` with nothing before or behind it; a string is what is wrong with it. */
export function readBarePlace(rest: string): Place | string {
  if (!rest.startsWith('//')) return 'expected // and HOST:PORT';
  const authority = readAuthority(rest.slice(2));
  if (typeof authority === 'string') return authority;
  const { host, port, user, password, path, query } = authority;
  if (user !== undefined || password !== undefined) return 'takes no user or password';
  if (path !== '' || query !== '') return 'takes no path';
  return { host, port };
}

/** `tcp://HOST:PORT`: over either family. */
export const tcp = tcpScheme('tcp', 0);
/** `tcp4://`: over IPv4. */
export const tcp4 = tcpScheme('tcp4', 4);
/** `tcp6://`: over IPv6. */
export const tcp6 = tcpScheme('tcp6', 6);

/** `unix:/PATH`. */
export const unix = scheme({
  form: 'unix:/PATH',
  keys: {},
  read: (rest) => {
    const path = rest.replace(/^\/\/(?=\/)/, '');
    if (!path.startsWith('/') || path.includes('\0')) return 'expected an absolute path';
    // sun_path of Linux holds 108 bytes with the closing zero
    if (Buffer.byteLength(path) > 107) return 'the path of a socket has at most 107 bytes';
    return { spec: { type: 'unix', path } };
  },
});
