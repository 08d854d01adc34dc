import { endOf, lettersOf } from './letters.ts';
import type { Secret } from './secret.ts';

/** How `{"` begins in Base64. */
const opening = 'eyJ';
const word = lettersOf(/\w/);
const base64Url = lettersOf(/[\w-]/);

/** Finds `eyJ….….…`: a signed JSON Web Token. */
export function* jwts(text: string): Generator<Secret> {
  let from = 0;
  for (let start = text.indexOf(opening); start >= 0; start = text.indexOf(opening, from)) {
    from = start + opening.length;
    if (word[text.charCodeAt(start - 1)] === 1) continue;
    const header = endOf(base64Url, text, from);
    const payload = endOf(base64Url, text, header + 1);
    const isToken = header > from && text[header] === '.' && payload > header + 1 && text[payload] === '.';
    // if this is not a token, none begins within the same run of letters
    from = isToken ? endOf(base64Url, text, payload + 1) : header;
    if (isToken) yield { start, end: from };
  }
}
