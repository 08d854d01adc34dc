import { systemCode } from '@pod-patterns/kit';
import { type Failure, failure, type Reason } from './outcome.ts';

const reasonOf: Readonly<Record<string, Reason>> = {
  ENOTFOUND: 'dns-not-found',
  EAI_AGAIN: 'dns-failed',
  EAI_FAIL: 'dns-failed',
  EAI_MEMORY: 'dns-failed',
  EAI_SYSTEM: 'dns-failed',
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  EHOSTUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENETDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EAFNOSUPPORT: 'unreachable',
  EINVAL: 'unreachable',
  EACCES: 'unreachable',
  EPERM: 'unreachable',
  ETIMEDOUT: 'timeout',
  ENOENT: 'missing',
  ENOTDIR: 'missing',
};

const wordsFor: Partial<Record<Reason, (where: string, code: string) => string>> = {
  'dns-not-found': (where) => `no such name: ${where}`,
  'dns-failed': (where, code) => `the DNS server fails for ${where} (${code})`,
  refused: (where) => `${where} refused the connection`,
  reset: (where) => `${where} closed the connection`,
  unreachable: (where, code) => `no route to ${where} (${code})`,
  missing: (where, code) =>
    code === 'ENOENT' ? `${where} does not exist` : `${where} cannot be read (${code})`,
  denied: (where) => `no permission for ${where}`,
  timeout: (where) => `no answer from ${where} (a Service without endpoints?)`,
};

/** Most telling first: a host that refuses is there. */
const telling: readonly Reason[] = [
  'refused',
  'reset',
  'timeout',
  'unreachable',
  'dns-failed',
  'dns-not-found',
];

/**
 * Says what a failed connection means. `where` is what was tried, for errors that do not name an address.
 * What has no code of the system's is a fault of ours and is thrown on.
 */
export function systemFailure(error: unknown, where: string): Failure {
  if (error instanceof AggregateError) {
    const failures = error.errors.map((one) => systemFailure(one, where));
    const reason = telling.find((candidate) => failures.some((one) => one.reason === candidate));
    const same = failures.filter((one) => one.reason === reason).map((one) => one.detail);
    return failure(reason ?? 'unreachable', [...new Set(same)].join('; '));
  }
  const code = systemCode(error) ?? '';
  // a path that may not be read is denied; a socket that may not be opened is cut off by a policy
  const isPath = where.startsWith('/');
  if (code === '') throw error;
  const other = isPath ? 'missing' : 'unreachable';
  const reason = isPath && code === 'EACCES' ? 'denied' : (reasonOf[code] ?? other);
  const place = reason.startsWith('dns-') ? hostOf(error, where) : addressOf(error, where);
  return failure(reason, wordsFor[reason]?.(place, code) ?? code);
}

function addressOf(error: unknown, where: string): string {
  const { address, port } = error as { address?: unknown; port?: unknown }; // Node adds them to some errors
  if (typeof address !== 'string' || typeof port !== 'number') return where;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function hostOf(error: unknown, where: string): string {
  const { hostname } = error as { hostname?: unknown }; // Node adds it to errors of a lookup
  return typeof hostname === 'string' ? hostname : where;
}
