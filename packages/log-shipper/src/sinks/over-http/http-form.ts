import type { Outcome, Records } from '../sink.ts';
import type { HttpAnswer } from './http-outcome.ts';

/** Bytes of an answer that are read for its error text. */
export const usualKeptBytes: number = 16 * 1024;

/** An HTTP backend's form of requests, and the meaning of its answers. */
export interface HttpForm {
  readonly headers: Readonly<Record<string, string>>;
  /** How much of an answer's body `outcome` reads. */
  readonly keptBytes: number;
  /** Builds the body of a request, valid until the next one. */
  body(records: Records): Buffer;
  /** One record as a dead letter, newline-ended, if that is not its body. */
  letter?(record: Records): Buffer;
  outcome(answer: HttpAnswer, sent: Records, nowMs: number): Outcome;
}
