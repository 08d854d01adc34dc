import type { Outcome, Records } from '../sink.ts';
import type { HttpAnswer } from './http-outcome.ts';

/** What an HTTP backend wants in a request, and what it means by an answer. */
export interface HttpForm {
  readonly headers: Readonly<Record<string, string>>;
  /** Of one record it is also what is kept as a dead letter, so it ends with a newline. Valid until the next one. */
  body(records: Records): Buffer;
  outcome(answer: HttpAnswer, sent: Records, nowMs: number): Outcome;
}
