import { escapeValue } from '../series/labels.ts';
import type { TextBlock } from './exposition.ts';
import { formatNumber } from './format-number.ts';
import { header } from './render.ts';

/** One value of a metric, with its labels. */
export type OwnValue = readonly [labels: Readonly<Record<string, string>>, value: number];

/** A metric of the program itself; its values are read at each scrape. */
export interface OwnMetric {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  /** A number, or values by label; a metric without values is left out. */
  readonly read: () => number | Iterable<OwnValue>;
}

export function renderOwnMetric({ name, type, help, read }: OwnMetric): TextBlock {
  const values = read();
  const lines = [...(typeof values === 'number' ? [[{}, values] as const] : values)].map(
    ([labels, value]) => {
      const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeValue(text)}"`);
      return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${formatNumber(value)}\n`;
    },
  );
  return { name, text: lines.length === 0 ? '' : header(name, type, help) + lines.join('') };
}

/** Values by one label, in the order they come. */
export function* byLabel(label: string, values: Iterable<readonly [string, number]>): Generator<OwnValue> {
  for (const [text, value] of values) yield [{ [label]: text }, value];
}

/** As `byLabel`, without zeros: upstream shows such a value only when it has happened. */
export function* seenByLabel(label: string, values: Readonly<Record<string, number>>): Generator<OwnValue> {
  for (const [text, value] of Object.entries(values)) if (value > 0) yield [{ [label]: text }, value];
}
