import { type FamilyKind, sampleNames } from './family-kind.ts';
import { nativeBytes } from './native-histogram.ts';
import type { HistogramOptions } from './series.ts';
import type { SeriesSpec } from './series-spec.ts';

/** Bytes of a series with one sample, including its cached line; measured with Node 24, rounded up. */
const baseBytes: Readonly<Record<FamilyKind, number>> = {
  counter: 500,
  gauge: 500,
  histogram: 600,
  summary: 850,
  set: 950,
};
const familyBytes = 600;

/** Memory of a new series before it grows. */
export function seriesBytes({ kind, labels, policy }: SeriesSpec): number {
  const buckets = kind === 'histogram' ? bucketsBytes(policy.histogram) : 0;
  // characters beyond Latin-1 take two bytes each
  return baseBytes[kind] + buckets + (labels.text.length + labels.names.length) * 2;
}

function bucketsBytes({ buckets, native }: HistogramOptions): number {
  return buckets.length * 8 + (native.bucketFactor > 1 ? nativeBytes : 0);
}

/** Memory of a new metric name: three copies of it, and one of each sample name. */
export function nameBytes({ name, kind }: SeriesSpec): number {
  return familyBytes + name.length * 2 + sampleNames(name, kind).reduce((sum, text) => sum + text.length, 0);
}
