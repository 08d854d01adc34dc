import { lettersOf } from './letters.ts';
import type { Secret } from './secret.ts';

/** Slashes may be escaped, as PHP does. */
const separator = /:(?:\\?\/){2}/g;
/** Ends the part of a URL that may hold a login; includes quotes and backslashes, so that a JSON line stays valid. */
const stop = /[\s/?#"'<>\\]/g;
const letter = lettersOf(/[a-z]/i);
const schemeLetter = lettersOf(/[a-z0-9+.-]/i);

/** Finds the password in `scheme://user:password@host`, or the user if there is no password. */
export function* urlCredentials(text: string): Generator<Secret> {
  for (const { 0: colonAndSlashes, index } of text.matchAll(separator)) {
    if (!hasScheme(text, index)) continue;
    const from = index + colonAndSlashes.length;
    stop.lastIndex = from;
    const authority = text.slice(from, stop.exec(text)?.index);
    const at = authority.lastIndexOf('@');
    if (at <= 0) continue;
    yield { start: from + startOfSecret(authority), end: from + at };
  }
}

/** Whether a scheme, with at least one letter, is before the colon. */
function hasScheme(text: string, colon: number): boolean {
  let index = colon - 1;
  while (schemeLetter[text.charCodeAt(index)] === 1) {
    if (letter[text.charCodeAt(index)] === 1) return true;
    index--;
  }
  return false;
}

function startOfSecret(authority: string): number {
  const mark = authority.search(/[@:]/);
  return authority[mark] === ':' && authority[mark + 1] !== '@' ? mark + 1 : 0;
}
