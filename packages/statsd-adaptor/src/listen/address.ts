import { lookup } from 'node:dns/promises';
import { CodedError, describeError, formatHostPort, type HostPort, systemCode } from '@pod-patterns/kit';

/** As upstream: a name is resolved once. */
export async function resolveHost(host: string): Promise<string> {
  return (await lookup(host)).address;
}

/** Listens on a host; without one on all addresses of IPv6 and IPv4, or of IPv4 where the system has no IPv6. */
export async function listenOn<Listening>(
  host: string | undefined,
  listen: (address: string) => Promise<Listening>,
): Promise<Listening> {
  if (host !== undefined) return listen(await resolveHost(host));
  try {
    return await listen('::');
  } catch (error) {
    if (!withoutIpv6.has(systemCode(error) ?? '')) throw error;
    return listen('0.0.0.0');
  }
}

const withoutIpv6 = new Set(['EAFNOSUPPORT', 'EADDRNOTAVAIL']);

/** One line that says why listening failed, on an address or on a path. */
export function listenFailure(where: string, cause: unknown): CodedError {
  return new CodedError('listen-failed', `cannot listen on ${where}: ${describeError(cause)}`, { cause });
}

/** As `listenFailure`, for a listener of IP. */
export function addressFailure(protocol: 'udp' | 'tcp', listen: HostPort, cause: unknown): CodedError {
  return listenFailure(`${protocol} ${formatHostPort(listen)}`, cause);
}
