import { type LabelPair, labelPairs } from '../series/labels.ts';
import type { NativeHistogram } from '../series/native-histogram.ts';
import { HistogramSeries, NumberSeries, type Series, SetSeries, SummarySeries } from '../series/series.ts';
import type { PlainMetric } from './plain-metric.ts';
import { exposedTypes } from './render.ts';

/** The current value of a series, for binary formats. */
export interface Metric {
  readonly type: string;
  readonly labels: readonly LabelPair[];
  readonly value: number | SummaryValue | HistogramValue;
}

export interface SummaryValue {
  readonly quantiles: readonly number[];
  /** By quantile. */
  readonly values: readonly number[];
  readonly sum: number;
  readonly count: number;
}

export interface HistogramValue {
  /** Upper bounds; the infinite one, whose count is `count`, may be left out. */
  readonly bounds: readonly number[];
  /** Observations up to each bound. */
  readonly cumulated: readonly number[];
  readonly sum: number;
  readonly count: number;
  readonly native: NativeHistogram | undefined;
}

export function metricOf(series: Series, nowMs: number): Metric {
  const { family, labels } = series;
  return {
    type: exposedTypes[family.kind],
    labels: labelPairs(labels.text),
    value: exposedValue(series, nowMs),
  };
}

function exposedValue(series: Series, nowMs: number): Metric['value'] {
  if (series instanceof NumberSeries) return series.value;
  if (series instanceof SummarySeries) return summaryOf(series, nowMs);
  if (series instanceof HistogramSeries) return histogramOf(series);
  if (series instanceof SetSeries) return series.members.count(nowMs);
  throw new TypeError('unknown kind of series');
}

function summaryOf({ options, quantiles: observed, sum, count }: SummarySeries, nowMs: number): SummaryValue {
  const quantiles = options.quantiles.map(({ quantile }) => quantile);
  return { quantiles, values: quantiles.map((quantile) => observed.query(quantile, nowMs)), sum, count };
}

function histogramOf({ options, counts, sum, count, native }: HistogramSeries): HistogramValue {
  let total = 0;
  const cumulated = options.buckets.map((_, at) => {
    total += counts[at] ?? 0;
    return total;
  });
  return { bounds: options.buckets, cumulated, sum, count, native };
}

/** Groups the samples of a histogram by their labels without `le`; any other sample is a metric by itself. */
export function plainMetrics({ type, samples }: PlainMetric): Metric[] {
  if (type !== 'histogram')
    return samples.map(({ labels, value }) => ({ type, labels: pairsOf(labels), value }));
  const byLabels = Map.groupBy(samples, ({ labels: { le, ...others } }) => JSON.stringify(others));
  return [...byLabels.values()].map(plainHistogram);
}

function plainHistogram(samples: PlainMetric['samples']): Metric {
  const { le: _, ...labels } = samples[0]?.labels ?? {};
  const buckets = samples.filter((sample) => sample.labels['le'] !== undefined);
  const lastOf = (suffix: string) => samples.find(({ name }) => name.endsWith(suffix))?.value ?? 0;
  const value = {
    bounds: buckets.map((sample) => boundOf(sample.labels['le'])),
    cumulated: buckets.map((sample) => sample.value),
    sum: lastOf('_sum'),
    count: lastOf('_count'),
    native: undefined,
  };
  return { type: 'histogram', labels: pairsOf(labels), value };
}

function boundOf(text = ''): number {
  return text === '+Inf' ? Number.POSITIVE_INFINITY : Number(text);
}

function pairsOf(labels: Readonly<Record<string, string>>): LabelPair[] {
  return Object.entries(labels).map(([name, value]) => ({ name, value }));
}
