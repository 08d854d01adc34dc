/** Labels as they stand in an exposition, made once when a series is born. */
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

/** A copy that holds nothing else in memory: a piece cut out of a line would keep all of the line alive. */
export function detached(text: string): string {
  return Buffer.from(text).toString();
}
