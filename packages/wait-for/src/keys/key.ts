import { integer, type Reader, readDurationMs } from '@pod-patterns/kit';

/** Description of a key, for `--help` and the README. */
interface KeyText {
  /** Stands for the value where there is neither a default nor a choice of words. */
  readonly hint?: string;
  /** Meaning, for the README. */
  readonly note?: string;
}

/** One key of a kind of target, as in `timeout=2s`. `Value` is its type in the target. */
export interface Key<Value> extends Reader<unknown>, KeyText {
  readonly form: 'single' | 'list' | 'switch';
  /** Default, as a user would write it. */
  readonly fallback?: string;
  /** Its text is never shown, or not when it is refused: it may be a secret in the wrong place then. */
  readonly isSecret?: boolean | 'if refused';
  /** Carries the type only; never set. */
  readonly valueType?: Value;
}

/** Keys by their names. A name that ends in a colon stands for all that begin with it. */
export type KeySet = Readonly<Record<string, Key<unknown>>>;

/** The values of a set of keys. */
export type Values<Keys extends KeySet> = {
  readonly [Name in keyof Keys]: Keys[Name] extends Key<infer Value> ? Value : never;
};

/** A key with a default, so that its value is always there. */
export function defaulted<Value>(reader: Reader<Value>, fallback: string, text: KeyText = {}): Key<Value> {
  return { ...reader, ...text, form: 'single', fallback };
}

/** A key that may be left out. */
export function optional<Value>(reader: Reader<Value>, text: KeyText = {}): Key<Value | undefined> {
  return { ...reader, ...text, form: 'single' };
}

/** A key that may be given several times. */
export function list<Value>(
  reader: Reader<Value>,
  text: KeyText & Pick<Key<Value>, 'isSecret'> = {},
): Key<readonly Value[]> {
  return { ...reader, ...text, form: 'list' };
}

/** A key that stands alone, as in `optional`; `optional=false` turns it off. */
export function toggle(text: KeyText = {}): Key<boolean> {
  return {
    ...text,
    form: 'switch',
    fallback: 'false',
    expected: 'true or false, or the key alone',
    read: (value) => ({ '': true, true: true, false: false })[value],
  };
}

/** The authorities to trust, for all kinds that speak TLS. */
export function authorities(): Key<string | undefined> {
  return optional(filePath, { hint: '/FILE', note: 'CA certificates to trust, in PEM' });
}

/** A key with its value as `--help` shows it: `status=200-299`, `body~=REGEX`, `json:/POINTER=VALUE`, `insecure`. */
export function usageOf(name: string, { form, fallback, hint, words = [] }: Key<unknown>): string {
  if (form === 'switch') return name;
  const value = words.length > 0 ? words.join('|') : (fallback ?? hint ?? '');
  return `${name}${value === '' || name.endsWith(':') ? '' : '='}${value}`;
}

/** Any text on one line that is not empty. */
export const someText: Reader<string> = {
  expected: 'some text',
  read: (text) => (text === '' || /[\x00-\x1f\x7f]/.test(text) ? undefined : text),
};

/** A path from the root; that it exists is not checked here. */
export const filePath: Reader<string> = {
  expected: 'an absolute path',
  read: (text) => (text.startsWith('/') && !text.includes('\0') ? text : undefined),
};

/** A span of time above nothing, in milliseconds. */
export const duration: Reader<number> = {
  expected: 'a duration above 0 such as 250ms, 2s or 5m',
  read: (text) => readDurationMs(text) || undefined,
};

/** A count from 1. */
export const count = integer(1, 1_000_000);
