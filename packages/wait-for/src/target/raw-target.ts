import type { Reading } from './reading.ts';
import { splitWords } from './split-words.ts';

/** A text and where its reader finds it: `column 15`, `targets.yaml:3`. */
export interface Located {
  readonly text: string;
  readonly where: string;
}

/** A target split into its parts, not interpreted yet. */
export interface RawTarget {
  readonly url: Located;
  /** Each with its key; a key that stands alone has the empty text. */
  readonly pairs: readonly Pair[];
  /** The URL may end in the middle of a password. */
  readonly isUrlHidden?: boolean;
}

/** `key=value`, taken apart. */
export interface Pair extends Located {
  readonly key: string;
  /** An unquoted blank may have cut this out of a secret, so an unknown key is not shown. */
  readonly isHidden?: boolean;
}

/** Splits `URL key=value …` without interpreting it. */
export function splitTarget(line: string, origin: string): Reading<RawTarget> {
  const split = splitWords(line);
  if (!split.ok) return { ok: false, faults: [`${origin}, column ${split.at}: ${split.message}`] };
  const [url, ...words] = split.words;
  if (url === undefined) return { ok: false, faults: [`${origin}: expected a target`] };
  // an unquoted space splits a password, a query or a header into words
  const lastLogin = words.findLastIndex(({ text }) => text.includes('@') && !text.startsWith('header='));
  const hasQuery = url.text.includes('?') && !url.text.startsWith('k8s:');
  const firstHeader = words.findIndex(({ text }) => /^((expect-)?header\b|(?!json:)[\w-]+:)/i.test(text));
  const pairs = words.map(({ text, at }, index) => ({
    ...splitPair(text),
    where: `${origin}, column ${at}`,
    isHidden: hasQuery || index <= lastLogin || (firstHeader >= 0 && index > firstHeader),
  }));
  const where = `${origin}, column ${url.at}`;
  return { ok: true, value: { url: { text: url.text, where }, isUrlHidden: lastLogin >= 0, pairs } };
}

/** `key=value`; a JSON pointer after `json:` may hold anything but `=`. */
function splitPair(word: string): { key: string; text: string } {
  const equals = word.indexOf('=');
  if (equals < 0) return { key: word, text: '' };
  return { key: word.slice(0, equals), text: word.slice(equals + 1) };
}
