import { type HttpForm, usualKeptBytes } from '../over-http/http-form.ts';
import { describeAnswer, type HttpAnswer, httpOutcome } from '../over-http/http-outcome.ts';
import type { Outcome, Records } from '../sink.ts';
import { lokiRefusal } from './loki-refusal.ts';

/** Loki's push API, with JSON as the body. */
export function lokiForm(tenant?: string): HttpForm {
  let buffer = Buffer.alloc(0);
  /** Builds a push: the entries of each stream together. The buffer is reused: one push at a time. */
  const body = ({ bytes, groups }: Records): Buffer => {
    const streams = groups.flatMap(({ start, head }, index) => {
      const end = groups[index + 1]?.start ?? bytes.length;
      const stream = [head, bytes.subarray(start, end - entryEnd), streamEnd];
      return index === 0 ? stream : [comma, ...stream];
    });
    const pieces = [bodyStart, ...streams, bodyEnd];
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    if (buffer.length < length) buffer = Buffer.allocUnsafeSlow(length);
    let at = 0;
    for (const piece of pieces) at += piece.copy(buffer, at);
    return buffer.subarray(0, length);
  };
  return {
    headers: {
      'content-type': 'application/json',
      ...(tenant === undefined ? {} : { 'x-scope-orgid': tenant }),
    },
    keptBytes: usualKeptBytes,
    body,
    outcome: lokiOutcome,
  };
}

const bodyStart = Buffer.from('{"streams":[');
const streamEnd = Buffer.from(']}');
const comma = Buffer.from(',');
const bodyEnd = Buffer.from(']}\n');
const entryEnd = ',\n'.length;

/** A push that is too large for the messages between Loki's components. */
const tooLargeWithin = /received message larger than max/;

/**
 * Only 200 and 204 mean that entries were taken: with 260, its default while ingestion is blocked, Loki discards them.
 * After 429 fewer entries are sent at once: more than the allowed burst would never pass. An entry that is sent again has
 * the same time and line, so Loki keeps one.
 */
function lokiOutcome(answer: HttpAnswer, sent: Records, nowMs: number): Outcome {
  const { status, text } = answer;
  if (status === 200 || status === 204) return { kind: 'accepted' };
  if (status === 400) return lokiRefusal(text, sent);
  if (status === 500 && tooLargeWithin.test(text)) {
    return { kind: 'too-large', detail: describeAnswer(answer) };
  }
  const outcome = httpOutcome(answer, nowMs);
  if (outcome.kind === 'accepted') {
    return { kind: 'retry', reason: String(status), detail: describeAnswer(answer) };
  }
  return status === 429 && outcome.kind === 'retry' ? { ...outcome, isTooMuch: true } : outcome;
}
