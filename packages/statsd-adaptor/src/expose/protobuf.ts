import type { PbfWriter } from 'pbf';
import type { LabelPair } from '../series/labels.ts';
import { type NativeHistogram, zeroThreshold } from '../series/native-histogram.ts';
import type { SparseBuckets } from '../series/sparse-buckets.ts';
import type { HistogramValue, Metric, SummaryValue } from './metric.ts';
import { maxCount, type Span, spansOf } from './native-spans.ts';
import type { PlainMetric } from './plain-metric.ts';

// Numbers of fields and types are those of io/prometheus/client/metrics.proto (prometheus/client_model).

/** By type: its number, and the field of a Metric with its value if that is a single number. */
const types: Readonly<Record<string, { readonly number: number; readonly field: number }>> = {
  counter: { number: 0, field: 3 },
  gauge: { number: 1, field: 2 },
  summary: { number: 2, field: 4 },
  histogram: { number: 4, field: 7 },
};
const untyped = { number: 3, field: 5 };

/** Writes the fields of a MetricFamily except its metrics. */
export function writeFamily(
  writer: PbfWriter,
  { name, type, help }: Pick<PlainMetric, 'name' | 'type' | 'help'>,
): void {
  writer.writeStringField(1, name);
  writer.writeStringField(2, help);
  writer.writeVarintField(3, (types[type] ?? untyped).number);
}

/** Writes one of the metrics of a MetricFamily. */
export function writeMetric(writer: PbfWriter, metric: Metric): void {
  writer.writeMessage(4, writeFields, metric);
}

function writeFields({ type, labels, value }: Metric, writer: PbfWriter): void {
  const { field } = types[type] ?? untyped;
  for (const label of labels) writer.writeMessage(1, writeLabel, label);
  if (typeof value === 'number') writer.writeMessage(field, writeValue, value);
  else if ('quantiles' in value) writer.writeMessage(field, writeSummary, value);
  else writer.writeMessage(field, writeHistogram, value);
}

function writeLabel({ name, value }: LabelPair, writer: PbfWriter): void {
  writer.writeStringField(1, name);
  writer.writeStringField(2, value);
}

function writeValue(value: number, writer: PbfWriter): void {
  writer.writeDoubleField(1, value);
}

function writeSummary({ quantiles, values, sum, count }: SummaryValue, writer: PbfWriter): void {
  writeCount(writer, 1, count);
  writer.writeDoubleField(2, sum);
  for (const [at, quantile] of quantiles.entries())
    writer.writeMessage(3, writeQuantile, [quantile, values[at] ?? Number.NaN] as const);
}

function writeQuantile([quantile, value]: readonly [number, number], writer: PbfWriter): void {
  writer.writeDoubleField(1, quantile);
  writer.writeDoubleField(2, value);
}

function writeHistogram({ bounds, cumulated, sum, count, native }: HistogramValue, writer: PbfWriter): void {
  writeCount(writer, 1, count);
  writer.writeDoubleField(2, sum);
  for (const [at, bound] of bounds.entries())
    writer.writeMessage(3, writeBucket, [cumulated[at] ?? 0, bound] as const);
  if (native !== undefined) writeNative(native, writer);
}

function writeBucket([count, bound]: readonly [number, number], writer: PbfWriter): void {
  writeCount(writer, 1, count);
  writer.writeDoubleField(2, bound);
}

function writeNative({ schema, zeroCount, positive, negative }: NativeHistogram, writer: PbfWriter): void {
  writer.writeSVarintField(5, schema);
  writer.writeDoubleField(6, zeroThreshold);
  writeCount(writer, 7, zeroCount);
  if (negative !== undefined) writeSpans(writer, 9, negative);
  writeSpans(writer, 12, positive);
}

/** Spans in this field, the deltas of their counts in the next. */
function writeSpans(writer: PbfWriter, field: number, buckets: SparseBuckets): void {
  const { spans, deltas } = spansOf(buckets);
  for (const span of spans) writer.writeMessage(field, writeSpan, span);
  for (const delta of deltas) writer.writeSVarintField(field + 1, delta);
}

function writeSpan({ offset, length }: Span, writer: PbfWriter): void {
  writer.writeSVarintField(1, offset);
  writer.writeVarintField(2, length);
}

function writeCount(writer: PbfWriter, field: number, count: number): void {
  writer.writeVarintField(field, Math.min(count, maxCount));
}
