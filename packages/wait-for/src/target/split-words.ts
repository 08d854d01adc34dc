/** A word of a target's text, quotes taken off; `at` is its column, from 1. */
export interface Word {
  readonly text: string;
  readonly at: number;
}

/** The words of a line, or its fault. */
export type Words =
  | { readonly ok: true; readonly words: readonly Word[] }
  | { readonly ok: false; readonly at: number; readonly message: string };

/**
 * Splits at blanks. Single and double quotes hold blanks, anywhere in a word; in double quotes a backslash
 * escapes a quote or a backslash. Elsewhere a backslash is an ordinary character: regular expressions hold many.
 */
export function splitWords(line: string): Words {
  const words: Word[] = [];
  let text = '';
  let start = -1;
  for (let index = 0; index < line.length; index++) {
    const letter = line[index] ?? '';
    if (/\s/.test(letter)) {
      if (start >= 0) words.push({ text, at: start + 1 });
      [text, start] = ['', -1];
      continue;
    }
    if (start < 0) start = index;
    if (letter !== '"' && letter !== "'") {
      text += letter;
      continue;
    }
    const quoted = readQuoted(line, index);
    if (quoted === undefined) return { ok: false, at: index + 1, message: 'unclosed quote' };
    text += quoted.text;
    index = quoted.end;
  }
  if (start >= 0) words.push({ text, at: start + 1 });
  return { ok: true, words };
}

/** Text between the quote at `start` and its partner at `end`, or undefined without a partner. */
function readQuoted(line: string, start: number): { text: string; end: number } | undefined {
  const quote = line[start];
  let text = '';
  for (let index = start + 1; index < line.length; index++) {
    const letter = line[index] ?? '';
    if (letter === quote) return { text, end: index };
    const next = line[index + 1];
    if (quote === '"' && letter === '\\' && (next === '"' || next === '\\')) {
      text += next;
      index++;
    } else text += letter;
  }
  return undefined;
}
