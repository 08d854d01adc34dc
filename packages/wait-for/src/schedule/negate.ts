import { failure, type Outcome, type Reason } from '../probe/outcome.ts';

/** Reasons that prove absence. A silent server may only be slow. */
const absence: ReadonlySet<Reason> = new Set([
  'dns-not-found',
  'refused',
  'reset',
  'http-status',
  'http-body',
  'missing',
  'too-small',
  'too-old',
  'mismatch',
  'not-ready',
  'loading',
  'not-found',
  'failed',
]);

/** Inverts a result, for waiting until a target is gone. */
export function negate(outcome: Outcome): Outcome {
  if (outcome.ok) return failure('not-ready', `is still there: ${outcome.detail}`);
  return absence.has(outcome.reason) && outcome.isOurs !== true
    ? { ok: true, detail: outcome.detail }
    : outcome;
}
