import type { Outcome } from '../sink.ts';

/** An answer as far as it matters here. */
export interface HttpAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** The beginning of the body, its blanks as one each. */
  readonly text: string;
  /** As much of the body as the form asked for. */
  readonly body?: Buffer;
}

/** Statuses that speak about the records. All others that are no success speak about us, the way or the server. */
const refusals: ReadonlySet<number> = new Set([400, 422]);
const tooLarge = 413;
/** As much of a body as a line for people holds. */
const toldLength = 300;
/** A server that asks for a longer wait than this is asked again nevertheless. */
const longestWaitMs = 60_000;

/**
 * What an answer means. Only 400 and 422 condemn a record. 401, 403, 404, 405, 407 and the like mean that
 * the sink is misconfigured: that is no reason to lose anything, so it is tried until somebody mends it.
 */
export function httpOutcome({ status, retryAfter, text }: HttpAnswer, nowMs: number): Outcome {
  const detail = describeAnswer({ status, text });
  if (status >= 200 && status < 300) return { kind: 'accepted' };
  if (status === tooLarge) return { kind: 'too-large', detail };
  if (refusals.has(status)) return { kind: 'refused', reason: String(status), detail };
  const waitMs = readRetryAfterMs(retryAfter, nowMs);
  const afterMs = waitMs === undefined ? undefined : Math.min(waitMs, longestWaitMs);
  return { kind: 'retry', reason: String(status), detail, afterMs };
}

/** A line for people. */
export function describeAnswer({ status, text }: Pick<HttpAnswer, 'status' | 'text'>): string {
  return text === '' ? `status ${status}` : `status ${status}: ${text.slice(0, toldLength)}`;
}

/** RFC 9110 §10.2.3: seconds or a date. Undefined when there is none, it makes no sense, or asks for no wait at all. */
export function readRetryAfterMs(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  const waitMs = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  // without a wait of its own the usual backoff holds, or a broken server would be hammered
  return waitMs > 0 ? waitMs : undefined;
}
