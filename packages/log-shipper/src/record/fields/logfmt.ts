import type { Fields, FieldValue, NoFields } from './fields.ts';

const key = /\s*([^\s="]+)(=?)/y;
const bare = /[^\s"]*/y;
const escaped = /\\(?:u([\da-f]{4})|x([\da-f]{2})|(.))/gis;
const letters: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/**
 * Reads `level=info msg="a b" retry`. The first word must be a pair, so that a sentence does not count. All values are
 * strings; a key without one is true, and a repeated key has a list. Nothing of the line is dropped.
 */
export function readLogfmt(text: string): Fields | NoFields {
  const found = new Map<string, Array<string | true>>();
  const end = text.trimEnd().length;
  for (let at = 0; at < end; ) {
    const [pair, name, equals] = matchAt(key, text, at) ?? [];
    if (pair === undefined || name === undefined) return 'not_logfmt';
    at += pair.length;
    const value = equals === '' ? { end: at, value: true as const } : readValue(text, at);
    if (value === undefined || !isBlankAt(text, value.end)) return 'not_logfmt';
    if (found.size === 0 && value.value === true) return 'not_logfmt';
    at = value.end;
    const values = found.get(name);
    if (values === undefined) found.set(name, [value.value]);
    else values.push(value.value);
  }
  return found.size === 0 ? 'not_logfmt' : withoutLists(found);
}

function readValue(text: string, start: number): { end: number; value: string } | undefined {
  if (text[start] !== '"') {
    const [value = ''] = matchAt(bare, text, start) ?? [];
    return { end: start + value.length, value };
  }
  const end = closingQuote(text, start + 1);
  return end < 0 ? undefined : { end: end + 1, value: unescaped(text.slice(start + 1, end)) };
}

/** A loop, because an expression would take memory for each character. */
function closingQuote(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    if (text[at] === '"') return at;
    if (text[at] === '\\') at++;
  }
  return -1;
}

function matchAt(form: RegExp, text: string, at: number): RegExpExecArray | null {
  form.lastIndex = at;
  return form.exec(text);
}

function isBlankAt(text: string, at: number): boolean {
  return at === text.length || /\s/.test(text[at] ?? '');
}

function withoutLists(found: ReadonlyMap<string, ReadonlyArray<string | true>>): Fields {
  return new Map(
    [...found].map(([name, values]): [string, FieldValue] => {
      const [first = true] = values;
      return [name, values.length === 1 ? first : values];
    }),
  );
}

function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(escaped, (_, unicode?: string, hex?: string, letter = '') => {
    const code = unicode ?? hex;
    if (code === undefined) return letters[letter] ?? letter;
    return String.fromCharCode(Number.parseInt(code, 16));
  });
}
