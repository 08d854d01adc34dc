import type { Selection } from '../batch/batch.ts';

/** Records as they go to a sink in one piece, each ends with a newline. Valid until `send` has resolved. */
export type Records = Selection;

/** Outcome of one attempt. No exceptions: all of these happen in ordinary use. */
export type Outcome =
  /** The sink has them for good. */
  | { readonly kind: 'accepted' }
  /** Not now. `mayHaveArrived` if unknown: another attempt may deliver the records twice. */
  | {
      readonly kind: 'retry';
      /** A word for metrics: `timeout`, `reset`, `503`. */
      readonly reason: string;
      /** A line for people. */
      readonly detail: string;
      /** How long to wait at least; 0 when nothing is wrong with the sink. Without it the usual backoff holds. */
      readonly afterMs?: number | undefined;
      readonly mayHaveArrived?: boolean;
      /** It may be too much at once, so that fewer could pass. */
      readonly isTooMuch?: boolean;
    }
  /** Fewer at once could pass. */
  | { readonly kind: 'too-large'; readonly detail: string }
  /** One of them, or several, will never pass. */
  | { readonly kind: 'refused'; readonly reason: string; readonly detail: string }
  /** Some will never pass, the sink has the others, and it does not say which. */
  | {
      readonly kind: 'partly-accepted';
      readonly refusedCount: number;
      readonly reason: string;
      readonly detail: string;
    }
  /** Some will never pass, and it is known which. */
  | {
      readonly kind: 'partly-refused';
      /** Numbers among those sent, and a word for metrics. */
      readonly refused: ReadonlyMap<number, string>;
      /** The sink has the others for good; otherwise it is unknown, and sending them again does no harm. */
      readonly areOthersAccepted: boolean;
      readonly detail: string;
      /** Those that the sink does not take now. */
      readonly again?: {
        readonly places: ReadonlySet<number>;
        readonly reason: string;
        readonly detail: string;
      };
    };

/** Where records go. One call of `send` at a time. */
export interface Sink extends AsyncDisposable {
  /** The URL without anything secret: its name in metrics and in the checkpoint. */
  readonly name: string;
  /** Tries once. @throws only for faults, and when `signal` aborts */
  send(records: Records, signal: AbortSignal): Promise<Outcome>;
  /** A record as a dead letter, where its own bytes alone say too little. */
  letter?(record: Records): Buffer;
}
