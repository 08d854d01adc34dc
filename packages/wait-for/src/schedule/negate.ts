import { failure, type Outcome, type Reason } from '../probe/outcome.ts';

/** Reasons that say for certain that it is not there. What does not answer may only be slow. */
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

/** What the answer means for one who waits until something is gone. */
export function negate(outcome: Outcome): Outcome {
  if (outcome.ok) return failure('not-ready', `is still there: ${outcome.detail}`);
  return absence.has(outcome.reason) && outcome.isOurs !== true
    ? { ok: true, detail: outcome.detail }
    : outcome;
}
