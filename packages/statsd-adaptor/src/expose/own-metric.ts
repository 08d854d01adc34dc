import type { BadLines } from '../bad-lines.ts';
import type { Counts } from '../counts.ts';
import type { RelayCounts } from '../listen/relay.ts';
import type { UdpSockets } from '../listen/udp-sockets.ts';
import type { Rules } from '../map/rules.ts';
import { escapeValue } from '../series/labels.ts';
import type { Registry } from '../series/registry.ts';
import type { TextBlock } from './exposition.ts';
import { formatNumber } from './format-number.ts';
import { header } from './render.ts';

/** What the own metrics tell of. */
export interface Observed {
  readonly version: string;
  readonly counts: Counts;
  readonly registry: Registry;
  readonly rules: Rules;
  readonly sockets: UdpSockets;
  readonly badLines: BadLines;
  readonly relay: RelayCounts | undefined;
}

/** One value of a metric, with its labels. */
export type OwnValue = readonly [labels: Readonly<Record<string, string>>, value: number];

/** A metric of the program itself; its values are read at each scrape. */
export interface OwnMetric {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  /** A number, or values by label; a metric without values is left out. */
  readonly read: (observed: Observed) => number | Iterable<OwnValue>;
}

type Row = readonly [name: string, help: string, read: OwnMetric['read']];

export function counters(prefix: string, rows: readonly Row[]): OwnMetric[] {
  return rows.map(([name, help, read]) => ({ name: prefix + name, type: 'counter', help, read }));
}

export function gauges(prefix: string, rows: readonly Row[]): OwnMetric[] {
  return rows.map(([name, help, read]) => ({ name: prefix + name, type: 'gauge', help, read }));
}

export function renderOwnMetric({ name, type, help, read }: OwnMetric, observed: Observed): TextBlock {
  const values = read(observed);
  const list: Iterable<OwnValue> = typeof values === 'number' ? [[{}, values]] : values;
  const lines = [...list].map(([labels, value]) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeValue(text)}"`);
    return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${formatNumber(value)}\n`;
  });
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

/** A relay's count; none without a relay. */
export function byTarget(
  relay: RelayCounts | undefined,
  name: Exclude<keyof RelayCounts, 'target'>,
): Iterable<OwnValue> {
  return relay === undefined ? [] : byLabel('target', [[relay.target, relay[name]]]);
}
