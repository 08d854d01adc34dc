import { lookup } from 'node:dns/promises';
import { CodedError, describeError, formatHostPort, type HostPort, systemCode } from '@pod-patterns/kit';

/** Resolves a name once, as upstream. */
export async function resolveHost(host: string): Promise<string> {
  return (await lookup(host)).address;
}

/** Listens on a host; without one, on all IPv6 and IPv4 addresses, or on IPv4 alone if the system has no IPv6. */
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

/** Explains in one line why listening on an address or a path failed. */
export function listenFailure(where: string, cause: unknown): CodedError {
  return new CodedError('listen-failed', `cannot listen on ${where}: ${describeError(cause)}`, { cause });
}

/** Like `listenFailure`, for an IP listener. */
export function addressFailure(protocol: 'udp' | 'tcp', listen: HostPort, cause: unknown): CodedError {
  return listenFailure(`${protocol} ${formatHostPort(listen)}`, cause);
}
