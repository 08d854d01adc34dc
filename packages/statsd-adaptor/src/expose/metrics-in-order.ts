import type { Family } from '../series/family.ts';
import type { Registry } from '../series/registry.ts';
import { merge } from '../series/sorted-names.ts';
import type { PlainMetric } from './plain-metric.ts';

/** The series to expose: those of a registry, or none. */
export type ExposedSeries = Pick<Registry, 'names' | 'families'>;

/** Yields all metrics that have samples, by name. */
export function* metricsInOrder(
  series: ExposedSeries,
  plain: readonly PlainMetric[],
): Generator<PlainMetric | Family> {
  const named = new Map(plain.map((metric) => [metric.name, metric]));
  for (const name of merge(series.names(), [...named.keys()].sort())) {
    const metric = named.get(name);
    if (metric !== undefined && metric.samples.length > 0) yield metric;
    const family = series.families.get(name);
    if (family !== undefined && family.series.size > 0) yield family;
  }
}
