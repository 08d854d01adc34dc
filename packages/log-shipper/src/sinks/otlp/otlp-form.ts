import { type HttpForm, usualKeptBytes } from '../over-http/http-form.ts';
import { describeAnswer, type HttpAnswer, httpOutcome } from '../over-http/http-outcome.ts';
import type { Outcome, Records } from '../sink.ts';
import type { Encoding, PartialSuccess } from './encoding.ts';

/** Requests and answers of OTLP/HTTP, in one of its encodings. */
export function otlpForm(encoding: Encoding): HttpForm {
  let buffer = Buffer.alloc(0);
  return {
    headers: { 'content-type': encoding.contentType },
    keptBytes: usualKeptBytes,
    /** The buffer is reused: one request at a time. */
    body(records) {
      const pieces = encoding.request(headOf(records), records.bytes);
      const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
      if (buffer.length < length) buffer = Buffer.allocUnsafeSlow(length);
      let at = 0;
      for (const piece of pieces) at += piece.copy(buffer, at);
      return buffer.subarray(0, length);
    },
    letter: (record) => encoding.letter(headOf(record), record.bytes),
    outcome(answer, sent, nowMs) {
      const outcome = httpOutcome(answer, nowMs);
      return outcome.kind === 'accepted' ? successOutcome(answer, sent, encoding) : outcome;
    },
  };
}

function headOf({ groups }: Records): Buffer {
  return groups[0]?.head ?? Buffer.alloc(0);
}

/** A success may refuse some records. The protocol does not name them, and forbids sending them again. */
function successOutcome(answer: HttpAnswer, { count }: Records, encoding: Encoding): Outcome {
  const { rejected, message } = readAnswer(answer, encoding);
  if (!(rejected > 0)) return { kind: 'accepted' };
  const reason = 'partial_success';
  const why = describeAnswer({ status: answer.status, text: message });
  const detail = `${rejected} of ${count} rejected: ${why}`;
  if (rejected < count) return { kind: 'partly-accepted', refusedCount: rejected, reason, detail };
  const all = Array.from({ length: count }, (_, index) => [index, reason] as const);
  return { kind: 'partly-refused', refused: new Map(all), areOthersAccepted: true, detail };
}

function readAnswer({ body }: HttpAnswer, encoding: Encoding): PartialSuccess {
  try {
    return encoding.readAnswer(body ?? Buffer.alloc(0));
  } catch {
    // by the status, the request was taken
    return { rejected: 0, message: '' };
  }
}
