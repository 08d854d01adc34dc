import { systemCode } from '@pod-patterns/kit';
import { type Failure, failure, type Reason } from './outcome.ts';

/** System errors of a connection. */
const reasonOfPeer: Readonly<Record<string, Reason>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  ETIMEDOUT: 'timeout',
};

/** System errors of a path. Other errors do not tell whether it exists. */
const reasonOfPath: Readonly<Record<string, Reason>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ENOENT: 'missing',
  ENOTDIR: 'missing',
  EISDIR: 'missing',
  ELOOP: 'missing',
  ENAMETOOLONG: 'missing',
  EACCES: 'denied',
  ETIMEDOUT: 'timeout',
};

const common: Partial<Record<Reason, (where: string) => string>> = {
  refused: (where) => `${where} refused the connection`,
  reset: (where) => `${where} closed the connection`,
  denied: (where) => `no permission for ${where}`,
};

/**
 * Explains a system error. `where` is the address or path that was tried. An error without a system code is an internal
 * fault and is rethrown.
 */
export function systemFailure(error: unknown, where: string): Failure {
  const code = systemCode(error) ?? '';
  if (code === '') throw error;
  const isPath = where.startsWith('/');
  const reason = (isPath ? reasonOfPath : reasonOfPeer)[code] ?? 'unreachable';
  const words = common[reason]?.(where) ?? (isPath ? pathWords : peerWords)(where, code);
  return failure(reason, words);
}

/** Whether it comes from the system, and not from a library of Node's. */
export function isSystemError(error: unknown): boolean {
  return (error instanceof Error && 'errno' in error) || Object.hasOwn(reasonOfPeer, systemCode(error) ?? '');
}

function pathWords(where: string, code: string): string {
  return code === 'ENOENT' ? `${where} does not exist` : `${where} cannot be read (${code})`;
}

function peerWords(where: string, code: string): string {
  // a socket that may not be opened is cut off by a policy
  return code === 'ETIMEDOUT'
    ? `no answer from ${where} (a Service without endpoints?)`
    : `no route to ${where} (${code})`;
}

/** Most telling first: a server that answers exists, and so does a host that refuses. */
const telling: readonly Reason[] = ['not-ready', 'mismatch', 'refused', 'reset', 'timeout', 'unreachable'];

/** The most telling of several failures, joined with all of the same reason. */
export function mostTelling(failures: readonly Failure[]): Failure {
  const reason =
    telling.find((candidate) => failures.some((one) => one.reason === candidate)) ?? failures[0]?.reason;
  const same = failures.filter((one) => one.reason === reason).map((one) => one.detail);
  return failure(reason ?? 'unreachable', [...new Set(same)].join('; '));
}
