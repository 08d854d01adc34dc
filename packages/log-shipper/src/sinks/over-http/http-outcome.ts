import type { Outcome } from '../sink.ts';

/** The relevant parts of an answer. */
export interface HttpAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** The beginning of the body, with each run of white space as one space. */
  readonly text: string;
  /** The beginning of the body, as much as the form asked for. */
  readonly body?: Buffer;
}

/** Statuses about the records. All other failures are about the shipper, the network or the server. */
const refusals: ReadonlySet<number> = new Set([400, 422]);
const tooLarge = 413;
/** Characters of a body that are logged. */
const toldLength = 300;
/** Longest wait that Retry-After can set. */
const longestWaitMs = 60_000;

/**
 * Interprets an answer. Only 400 and 422 refuse a record. 401, 403, 404, 405, 407 and others mean that the sink is
 * misconfigured: nothing is dropped, and the batch is retried until somebody fixes it.
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

/** Describes an answer in one line. */
export function describeAnswer({ status, text }: Pick<HttpAnswer, 'status' | 'text'>): string {
  return text === '' ? `status ${status}` : `status ${status}: ${text.slice(0, toldLength)}`;
}

/** RFC 9110 §10.2.3: seconds or a date. Undefined if there is none, if it is invalid, or if it asks for no wait. */
export function readRetryAfterMs(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  const waitMs = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  // without a wait the usual backoff applies, or a broken server would be hammered
  return waitMs > 0 ? waitMs : undefined;
}
