/** Labels as text of an exposition, made once per series. */
export interface LabelText {
  /** `a="x",b="y"`, sorted by name; empty without labels. As it is unique it also names the series. */
  readonly text: string;
  /** The names alone, `a,b`. */
  readonly names: string;
}

export const noLabels: LabelText = { text: '', names: '' };

export function labelText(labels: ReadonlyMap<string, string>): LabelText {
  if (labels.size === 0) return noLabels;
  const names = [...labels.keys()].sort();
  const pairs = names.map((name) => `${name}="${escapeValue(labels.get(name) ?? '')}"`);
  return { text: detached(pairs.join(',')), names: names.join(',') };
}

/** Escapes a label's value: backslash, line feed and double quote. */
export function escapeValue(value: string): string {
  if (!/[\\\n"]/.test(value)) return value;
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}

export interface LabelPair {
  readonly name: string;
  readonly value: string;
}

/** Splits the text of labels again, for binary formats. */
export function labelPairs(text: string): LabelPair[] {
  const pairs: LabelPair[] = [];
  for (let at = 0; at < text.length; ) {
    const equals = text.indexOf('="', at);
    const end = closingQuote(text, equals + 2);
    pairs.push({ name: text.slice(at, equals), value: unescapeValue(text.slice(equals + 2, end)) });
    at = end + 2;
  }
  return pairs;
}

function closingQuote(text: string, start: number): number {
  let end = text.indexOf('"', start);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

/** Whether an odd number of backslashes precedes it. */
function isEscaped(text: string, at: number): boolean {
  let first = at;
  while (text[first - 1] === '\\') first--;
  return (at - first) % 2 === 1;
}

function unescapeValue(value: string): string {
  if (!value.includes('\\')) return value;
  return value.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}

/** Copies a string: a slice of a line would keep the whole line in memory. */
export function detached(text: string): string {
  return Buffer.from(text).toString();
}
