import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';

/** Why a request is refused before anything is done for it. Its connection has to end with the answer. */
export interface RequestFault {
  readonly status: 400 | 505;
  /** A line for the sender. */
  readonly detail: string;
}

/**
 * Finds requests that Node's parser accepts and RFC 9112 forbids: another major version, and a `Host` that is missing (HTTP/1.0
 * needs none), repeated, or no host (§3.2). An empty one is valid: RFC 3986 lets a host be empty.
 */
export function requestFault({
  httpVersionMajor,
  httpVersionMinor,
  rawHeaders,
}: Pick<IncomingMessage, 'httpVersionMajor' | 'httpVersionMinor' | 'rawHeaders'>): RequestFault | undefined {
  if (httpVersionMajor !== 1) return { status: 505, detail: 'only HTTP/1.1 and HTTP/1.0 are supported' };
  const [host, ...others] = hostsOf(rawHeaders);
  if (host === undefined) {
    return httpVersionMinor === 0 ? undefined : { status: 400, detail: 'the request has no Host header' };
  }
  if (others.length > 0) return { status: 400, detail: 'the request has more than one Host header' };
  return isHost(host) ? undefined : { status: 400, detail: 'the Host header is not valid' };
}

/** All `Host` headers: of repeated ones, `headers` holds the first alone. */
function hostsOf(rawHeaders: readonly string[]): string[] {
  const hosts: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = [rawHeaders[at], rawHeaders[at + 1]];
    if (name.length === 4 && name.toLowerCase() === 'host') hosts.push(value);
  }
  return hosts;
}

/** Whether it is `uri-host [":" port]` of RFC 9110 §7.2. */
function isHost(text: string): boolean {
  const [, address] = /^\[([^\]]*)\](?::\d*)?$/.exec(text) ?? [];
  if (address !== undefined) return isIPv6(address);
  return /^(?:[\w.~!$&'()*+,;=-]|%[0-9a-f]{2})*(?::\d*)?$/i.test(text);
}
