import type { Question } from '../kinds/kind.ts';

/** Settings common to targets of all kinds. */
export interface Pace {
  /** Of one try. */
  readonly timeoutMs: number;
  /** Between the first two tries; doubles with each failure. */
  readonly intervalMs: number;
  readonly maxIntervalMs: number;
  /** How many successes in a row make it ready. */
  readonly stableCount: number;
  /** Counted from the start; then wait-for gives up on it. */
  readonly deadlineMs: number | undefined;
}

/** One dependency to wait for. */
export interface Target extends Pace, Question {
  /** Its name in all output; contains no secret. */
  readonly name: string;
  /** The scheme as it was written: `tcp4`, `dns+srv`. */
  readonly kind: string;
  readonly isOptional: boolean;
  /** Ready when it is absent. */
  readonly isNegated: boolean;
  /** Its URL without secrets. */
  readonly shown: string;
  /** Every key with its effective value as text, secrets hidden. */
  readonly settings: ReadonlyArray<readonly [name: string, value: string]>;
}

/** Ready when one of its members is. */
export interface Group {
  readonly name: string;
  readonly kind: 'any';
  readonly members: readonly Target[];
  readonly isOptional: boolean;
  readonly deadlineMs: number | undefined;
}

/** A target or a group of targets. */
export type Wanted = Target | Group;

/** Whether it is a group: its kind is a word that no scheme has. */
export function isGroup(wanted: Wanted): wanted is Group {
  return wanted.kind === 'any';
}
