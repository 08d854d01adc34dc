import { lookup } from 'node:dns/promises';
import { CodedError, describeError, formatHostPort, type HostPort } from '@pod-patterns/kit';

/** As upstream: no host means all addresses of IPv4, a name is resolved once. */
export async function resolveHost(host: string | undefined): Promise<string> {
  return host === undefined ? '0.0.0.0' : (await lookup(host)).address;
}

/** One line that says why listening failed, on an address or on a path. */
export function listenFailure(where: string, cause: unknown): CodedError {
  return new CodedError('listen-failed', `cannot listen on ${where}: ${describeError(cause)}`, { cause });
}

/** As `listenFailure`, for a listener of IP. */
export function addressFailure(protocol: 'udp' | 'tcp', listen: HostPort, cause: unknown): CodedError {
  return listenFailure(`${protocol} ${formatHostPort(listen)}`, cause);
}
