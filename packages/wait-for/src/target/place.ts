import { isIPv4, isIPv6 } from 'node:net';
import { highestPort, portOutOfRange, Refusal } from '@pod-patterns/kit';

/** Where a server listens. An IPv6 host is without its brackets. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** `HOST:PORT` as a person writes it, with brackets round an IPv6 literal. */
export function formatPlace({ host, port }: Place): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Whether it needs no DNS. Node's own `isIP` costs a millisecond the first time it meets a name. */
export function isAddress(host: string): boolean {
  return host.includes(':') || isIPv4(host);
}

/** Where a URL of HTTP leads. */
export function placeOfUrl({ hostname, port, protocol }: URL): Place {
  const standard = protocol === 'https:' ? 443 : 80;
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || standard };
}

/** What stands behind `scheme://`, taken apart. Login and path are percent-decoded. */
export interface Authority extends Place {
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** Without the leading slash; empty when there is none. */
  readonly path: string;
  readonly query: string;
}

/**
 * Reads `[USER[:PASSWORD]@]HOST[:PORT][/PATH][?QUERY]`; a string is what is wrong with it.
 * The last `@` before the path ends the login, so a password may hold one.
 */
export function readAuthority(text: string, defaultPort?: number): Authority | string {
  const match =
    /^(?:([^/?#]*)@)?(?:\[([^\]/?#@]*)\]|([^:[\]/?#@]*))(?::([^/?#@]*))?(?:\/([^?#]*))?(?:\?([^#]*))?$/.exec(
      text,
    );
  if (hasDoubtfulLogin(text)) return doubtfulLogin;
  const place = text.replace(/^[^/?#]*@/, '').replace(/[/?#][\s\S]*/, '');
  if (place.includes(',')) return 'names several hosts; make each a target of its own';
  if (text.includes('#')) return noFragment;
  if (/^[^[]*:.*:/.test(place)) return 'an IPv6 address stands in brackets';
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

/** What is wrong with a URL whose login may go on behind its host. */
export const doubtfulLogin =
  'has a second @; one in a password or path is written %40, a / in a password %2F';

/** What is wrong with a URL that has a fragment, which people write who mean keys. */
export const noFragment = 'takes no # (in a password it is %23); keys follow the URL after a blank';

/** Whether what looks like the path or query may still be a part of the password, which must not be shown. */
export function hasDoubtfulLogin(text: string): boolean {
  const path = text.search(/[/?#]/);
  return path >= 0 && text.slice(0, path).includes('@') && text.includes('@', path);
}

function hostFault(host: string, isBracketed: boolean): string | undefined {
  if (isBracketed) {
    const [address = ''] = host.split('%');
    return isIPv6(address) ? undefined : 'has brackets round what is not an IPv6 address';
  }
  if (host === '') return 'has no host';
  return isHostName(host) ? undefined : 'the host is neither a name nor an address';
}

/** Whether it can be a name in DNS (with `_` as in SRV) or an IPv4 address. */
export function isHostName(host: string): boolean {
  if (isIPv4(host)) return true;
  // all digits and dots is a mistyped address, not a name
  return (
    host.length <= 254 &&
    !/^[\d.]+$/.test(host) &&
    /^[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_][a-z0-9_-]{0,62})*\.?$/i.test(host)
  );
}

/** A port to connect to. */
export function readPort(text: string): number | Refusal {
  const port = /^\d{1,20}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(port)) return new Refusal('the port is not a number');
  return port >= 1 && port <= highestPort ? port : portOutOfRange(1);
}

/** What of a login must never be shown, decoded and as it was written. */
export function loginSecrets({ user, password }: Authority): readonly string[] {
  const secret = password ?? user;
  return secret === undefined || secret === '' ? [] : [secret, encodeURIComponent(secret)];
}
