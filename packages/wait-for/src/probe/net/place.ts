import { isIPv4 } from 'node:net';
import { highestPort, portOutOfRange, Refusal } from '@pod-patterns/kit';

/** Where a server listens. An IPv6 host is without its brackets. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** A place to connect to, over one family of addresses or (0) over either. */
export interface Destination extends Place {
  readonly family?: 0 | 4 | 6;
}

/** `HOST:PORT` as a person writes it, with brackets round an IPv6 literal. */
export function formatPlace({ host, port }: Place): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Whether it needs no DNS. Node's own `isIP` costs a millisecond the first time it meets a name. */
export function isAddress(host: string): boolean {
  return host.includes(':') || isIPv4(host);
}

/** Whether an address is of this family; 0 is either. */
export function isOfFamily(address: string, family: 0 | 4 | 6): boolean {
  return family === 0 || address.includes(':') === (family === 6);
}

/** Where a URL of HTTP leads. */
export function placeOfUrl({ hostname, port, protocol }: URL): Place {
  const standard = protocol === 'https:' ? 443 : 80;
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || standard };
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
