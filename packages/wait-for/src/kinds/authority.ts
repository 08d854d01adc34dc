import { isIPv6 } from 'node:net';
import { Refusal } from '@pod-patterns/kit';
import { isHostName, type Place, readPort } from '../probe/net/place.ts';

/** Parts of a URL after `scheme://`. Login and path are percent-decoded. */
export interface Authority extends Place {
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** Without the leading slash; empty by default. */
  readonly path: string;
  readonly query: string;
}

/**
 * Reads `//[USER[:PASSWORD]@]HOST[:PORT][/PATH][?QUERY]`; a string describes the fault.
 * The last `@` before the path ends the login, so a password may hold one.
 */
export function readAuthority(rest: string, defaultPort?: number): Authority | string {
  if (!rest.startsWith('//')) return 'expected // and HOST:PORT';
  const text = rest.slice(2);
  const match =
    /^(?:([^/?#]*)@)?(?:\[([^\]/?#@]*)\]|([^:[\]/?#@]*))(?::([^/?#@]*))?(?:\/([^?#]*))?(?:\?([^#]*))?$/.exec(
      text,
    );
  if (hasDoubtfulLogin(text)) return doubtfulLogin;
  const place = text.replace(/^[^/?#]*@/, '').replace(/[/?#][\s\S]*/, '');
  if (place.includes(',')) return 'has several hosts; write one target for each';
  if (text.includes('#')) return noFragment;
  if (/^[^[]*:.*:/.test(place)) return 'an IPv6 address must be in brackets';
  if (match === null) return 'expected HOST:PORT';
  const [, login, v6, name, portText, path = '', query = ''] = match;
  const host = v6 ?? name ?? '';
  const fault = hostFault(host, v6 !== undefined);
  if (fault !== undefined) return fault;
  const port = portText === undefined ? defaultPort : readPort(portText);
  if (port === undefined) return 'has no port';
  if (port instanceof Refusal) return port.reason;
  try {
    const [user, ...rest] = login?.split(':') ?? [];
    return {
      host,
      port,
      user: user === undefined || user === '' ? undefined : decodeURIComponent(user),
      password: rest.length === 0 ? undefined : decodeURIComponent(rest.join(':')),
      path: decodeURIComponent(path),
      query,
    };
  } catch {
    return 'has a % that is not followed by two hexadecimal digits';
  }
}

/** Fault of a URL whose login may continue after its host. */
export const doubtfulLogin =
  'has a second @; write %40 for @ in a password or path, and %2F for / in a password';

/** Fault of a URL with a fragment. */
export const noFragment = 'must not contain # (write %23 in a password); keys follow the URL after a space';

/** Whether an apparent path or query may be part of the password, which must not be shown. */
export function hasDoubtfulLogin(text: string): boolean {
  const path = text.search(/[/?#]/);
  return path >= 0 && text.slice(0, path).includes('@') && text.includes('@', path);
}

function hostFault(host: string, isBracketed: boolean): string | undefined {
  if (isBracketed) {
    const [address = ''] = host.split('%');
    return isIPv6(address) ? undefined : 'only an IPv6 address may be in brackets';
  }
  if (host === '') return 'has no host';
  return isHostName(host) ? undefined : 'the host is neither a name nor an address';
}

/** Secrets of a login, decoded and as written. */
export function loginSecrets({ user, password }: Authority): readonly string[] {
  const secret = password ?? user;
  return secret === undefined || secret === '' ? [] : [secret, encodeURIComponent(secret)];
}

/** Reads `//HOST:PORT` and nothing else; a string describes the fault. */
export function readBarePlace(rest: string): Place | string {
  const authority = readAuthority(rest);
  if (typeof authority === 'string') return authority;
  const { host, port, user, password, path, query } = authority;
  if (user !== undefined || password !== undefined) return 'must not contain a user or password';
  if (path !== '' || query !== '') return 'must not contain a path';
  return { host, port };
}
