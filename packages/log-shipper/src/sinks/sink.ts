import type { Selection } from '../batch/batch.ts';

/** Records for a sink in one piece, each newline-ended. Valid until `send` has resolved. */
export type Records = Selection;

/** Outcome of one attempt. These are not exceptions: all of them happen in ordinary use. */
export type Outcome =
  /** The sink has taken the records for good. */
  | { readonly kind: 'accepted' }
  /** Not now. `mayHaveArrived` if unknown: another attempt may deliver the records twice. */
  | {
      readonly kind: 'retry';
      /** Label value for metrics: `timeout`, `reset`, `503`. */
      readonly reason: string;
      /** Reason in one line, for the log. */
      readonly detail: string;
      /** Least wait before the retry; 0 if the sink is fine. By default the usual backoff. */
      readonly afterMs?: number | undefined;
      readonly mayHaveArrived?: boolean;
      /** Fewer records at once may pass. */
      readonly isTooMuch?: boolean;
    }
  /** Fewer records at once may pass. */
  | { readonly kind: 'too-large'; readonly detail: string }
  /** At least one record will never pass. */
  | { readonly kind: 'refused'; readonly reason: string; readonly detail: string }
  /** Some records will never pass, and the sink has taken the others. It does not name them. */
  | {
      readonly kind: 'partly-accepted';
      readonly refusedCount: number;
      readonly reason: string;
      readonly detail: string;
    }
  /** Some records will never pass, and the sink names them. */
  | {
      readonly kind: 'partly-refused';
      /** Places among the sent records, each with a label value for metrics. */
      readonly refused: ReadonlyMap<number, string>;
      /** The sink has taken the others. Otherwise that is unknown, and sending them again does no harm. */
      readonly areOthersAccepted: boolean;
      readonly detail: string;
      /** Records that the sink does not take now. */
      readonly again?: {
        readonly places: ReadonlySet<number>;
        readonly reason: string;
        readonly detail: string;
      };
    };

/** A destination of records. One call of `send` at a time. */
export interface Sink extends AsyncDisposable {
  /** The URL without secrets: the name of the sink in metrics and in the checkpoint. */
  readonly name: string;
  /** Tries once. @throws only for faults, and when `signal` aborts */
  send(records: Records, signal: AbortSignal): Promise<Outcome>;
  /** A record as a dead letter, if its bytes alone are not enough. */
  letter?(record: Records): Buffer;
}
