import type { BadLines } from '../bad-lines.ts';
import type { Counts } from '../counts.ts';
import type { RelayCounts } from '../listen/relay.ts';
import type { UdpSockets } from '../listen/udp-sockets.ts';
import type { Rules } from '../map/rules.ts';
import type { Registry } from '../series/registry.ts';
import type { PlainMetric } from './plain-metric.ts';

/** Sources of the adaptor's own metrics. */
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

export function readOwnMetric({ name, type, help, read }: OwnMetric, observed: Observed): PlainMetric {
  const values = read(observed);
  const list: Iterable<OwnValue> = typeof values === 'number' ? [[{}, values]] : values;
  return { name, type, help, samples: Array.from(list, ([labels, value]) => ({ name, labels, value })) };
}

/** Labels values by one label, in the given order. */
export function* byLabel(label: string, values: Iterable<readonly [string, number]>): Generator<OwnValue> {
  for (const [text, value] of values) yield [{ [label]: text }, value];
}

/** Like `byLabel`, without zeros: upstream shows such a value only after it has happened. */
export function* seenByLabel(label: string, values: Readonly<Record<string, number>>): Generator<OwnValue> {
  for (const [text, value] of Object.entries(values)) if (value > 0) yield [{ [label]: text }, value];
}

/** Returns a relay's count; empty without a relay. */
export function byTarget(
  relay: RelayCounts | undefined,
  name: Exclude<keyof RelayCounts, 'target'>,
): Iterable<OwnValue> {
  return relay === undefined ? [] : byLabel('target', [[relay.target, relay[name]]]);
}
