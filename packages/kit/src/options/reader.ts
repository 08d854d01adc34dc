/** Turns an option's text into its value. */
export interface Reader<Value> {
  /** Completes "expected …". */
  readonly expected: string;
  /** The value, undefined for a text that is not of that form, or why it is refused. */
  readonly read: (text: string) => Value | Refusal | undefined;
  /** The words of an enumeration, for `--help`. */
  readonly words?: readonly string[];
}

/** Reason for refusing a text, beyond the expected form. Holds no part of the text, which may be secret. */
export class Refusal {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/** Declares a reader; its value type is the return type of `read`. */
export function reader<Value>(
  expected: string,
  read: (text: string) => Value | Refusal | undefined,
  words: readonly string[] = [],
): Reader<Value> {
  return { expected, read, words };
}

/** One of a few words. */
export function oneOf<const Word extends string>(...words: readonly Word[]): Reader<Word> {
  return reader(`one of ${words.join(', ')}`, (text) => words.find((word) => word === text), words);
}
