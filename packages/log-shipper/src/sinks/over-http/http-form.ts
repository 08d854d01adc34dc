import type { Outcome, Records } from '../sink.ts';
import type { HttpAnswer } from './http-outcome.ts';

/** As much of an answer as says what is wrong. */
export const usualKeptBytes: number = 16 * 1024;

/** What an HTTP backend wants in a request, and what it means by an answer. */
export interface HttpForm {
  readonly headers: Readonly<Record<string, string>>;
  /** As much of an answer's body as `outcome` looks at. */
  readonly keptBytes: number;
  /** Valid until the next one. */
  body(records: Records): Buffer;
  /** One record as a dead letter, with a newline at its end, where its body is not that. */
  letter?(record: Records): Buffer;
  outcome(answer: HttpAnswer, sent: Records, nowMs: number): Outcome;
}
