import { lookup } from 'node:dns/promises';
import { CodedError, describeError, formatHostPort, type HostPort } from '@pod-patterns/kit';

/** As upstream: no host means all addresses of IPv4, a name is resolved once. */
export async function resolveHost(host: string | undefined): Promise<string> {
  return host === undefined ? '0.0.0.0' : (await lookup(host)).address;
}

/** One line that says why listening failed. */
export function listenFailure(protocol: 'udp' | 'tcp', listen: HostPort, cause: unknown): CodedError {
  const where = `${protocol} ${formatHostPort(listen)}`;
  return new CodedError('listen-failed', `cannot listen on ${where}: ${describeError(cause)}`, { cause });
}
