import * as z from 'zod/mini';

/** What turns an option's text into its value: a zod schema whose message says why a text is refused. */
export type Kind<Value> = z.ZodMiniType<Value, string> & KindText;

interface KindText {
  /** Completes "expected …". */
  readonly expected: string;
  /** The words of an enumeration, for `--help`; empty for other kinds. */
  readonly words: readonly string[];
}

/** Why a text is refused, when more can be said than what was expected. Holds no piece of the text: it may be secret. */
export class Refusal {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/** Makes a kind from a function that returns undefined, or a reason, for text it refuses. */
export function kind<Value>(
  expected: string,
  read: (text: string) => Value | Refusal | undefined,
  words: readonly string[] = [],
): Kind<Value> {
  const schema = z.pipe(
    z.string(),
    z.transform((text: string, context): Value => {
      const value = read(text);
      if (value !== undefined && !(value instanceof Refusal)) return value;
      const message = value instanceof Refusal ? value.reason : `expected ${expected}`;
      context.issues.push({ code: 'custom', message, input: text });
      return z.NEVER;
    }),
  );
  return Object.assign(schema, { expected, words });
}

/** One of a few words. */
export function oneOf<const Word extends string>(...words: readonly Word[]): Kind<Word> {
  return kind(`one of ${words.join(', ')}`, (text) => words.find((word) => word === text), words);
}
