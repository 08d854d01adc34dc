import type { Permission } from './permission.ts';

/** Why a target is not ready: stable words, the same in every form of output. */
export const reasons = [
  'dns-not-found',
  'dns-failed',
  'refused',
  'unreachable',
  'timeout',
  'reset',
  'tls-untrusted',
  'tls-expired',
  'tls-name',
  'tls-protocol',
  'http-status',
  'http-body',
  'http-protocol',
  'missing',
  'too-small',
  'too-old',
  'mismatch',
  'not-ready',
  'loading',
  'auth',
  'denied',
  'not-found',
  'failed',
] as const;

/** One of the reasons. */
export type Reason = (typeof reasons)[number];

/** The target is ready. */
export interface Success {
  readonly ok: true;
  /** Describes the answer. */
  readonly detail: string;
  /** Why the answer may not mean what the user expects. */
  readonly warning?: string;
}

/** The target is not ready, with the reason. */
export interface Failure {
  readonly ok: false;
  readonly reason: Reason;
  /** Text with the address that was tried. */
  readonly detail: string;
  /** Advice, possibly of several lines. */
  readonly hint?: string;
  /** The status that made it `http-status`. */
  readonly httpStatus?: number;
  /** The rights that were denied, from which a Role can be made. */
  readonly permissions?: readonly Permission[];
  /** A local file is wrong, which says nothing about the target. */
  readonly isOurs?: true;
}

/** Result of one try. */
export type Outcome = Success | Failure;

/** A failure without a hint or a status. */
export function failure(reason: Reason, detail: string): Failure {
  return { ok: false, reason, detail };
}

/** A failure of a local file that the probe needs, which says nothing about the target. */
export function ours(fault: Failure): Failure {
  return { ...fault, isOurs: true };
}

const permanent: ReadonlySet<Reason> = new Set(['auth', 'denied', 'failed']);
const strictStatuses: ReadonlySet<number | undefined> = new Set([401, 403, 404]);

/**
 * Whether waiting longer cannot help. Certificates and tokens are rotated and routes come up late, so their
 * failures are permanent only with `--strict`.
 */
export function isPermanent({ reason, httpStatus }: Failure, isStrict: boolean): boolean {
  if (permanent.has(reason)) return true;
  return isStrict && (reason.startsWith('tls-') || strictStatuses.has(httpStatus));
}
