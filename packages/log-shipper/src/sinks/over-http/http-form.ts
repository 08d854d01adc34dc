import type { Outcome, Records } from '../sink.ts';
import type { HttpAnswer } from './http-outcome.ts';

/** Bytes of an answer that are read for its error text. */
export const usualKeptBytes: number = 16 * 1024;

/** An HTTP backend's form of requests, and the meaning of its answers. */
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
