import { PbfWriter } from 'pbf';
import { Family } from '../series/family.ts';
import { Series } from '../series/series.ts';
import { type Metric, metricOf, plainMetrics } from './metric.ts';
import { type ExposedSeries, metricsInOrder } from './metrics-in-order.ts';
import type { PlainMetric } from './plain-metric.ts';
import { writeFamily, writeMetric } from './protobuf.ts';
import { exposedTypes } from './render.ts';

const pieceBytes = 32 << 10;
const pieceMs = 2;
const nothing = new Uint8Array();

/**
 * Yields the whole exposition as delimited protobuf: for each metric, sorted by name, its length and a MetricFamily.
 * Pieces are as in the text format. But a metric's length comes first, so the whole metric is held until its length
 * is known, and pieces are empty meanwhile.
 */
export function* protobufExposition(
  series: ExposedSeries,
  plain: readonly PlainMetric[],
  now: () => number,
): Generator<Uint8Array> {
  const out = new PbfWriter(new Uint8Array(pieceBytes * 2));
  const message = new PbfWriter(new Uint8Array(pieceBytes * 2));
  let since = now();
  for (const metric of metricsInOrder(series, plain)) {
    const held: Uint8Array[] = [];
    writeFamily(message, describe(metric));
    for (const member of membersOf(metric)) {
      const at = now();
      const isFull = message.pos >= pieceBytes;
      if (isFull) held.push(take(message));
      if (isFull || at - since >= pieceMs) {
        yield nothing;
        since = now();
      }
      writeMember(message, member, at);
    }
    out.writeVarint(held.reduce((sum, { length }) => sum + length, message.pos));
    if (held.length > 0) yield* [take(out), ...held];
    append(out, message);
    if (out.pos < pieceBytes) continue;
    yield take(out);
    since = now();
  }
  yield take(out);
}

function describe(metric: PlainMetric | Family): Pick<PlainMetric, 'name' | 'type' | 'help'> {
  return metric instanceof Family
    ? { name: metric.name, help: metric.help, type: exposedTypes[metric.kind] }
    : metric;
}

function membersOf(metric: PlainMetric | Family): ReadonlyArray<Series | Metric> {
  return metric instanceof Family ? [...metric.series.values()] : plainMetrics(metric);
}

/** Writes a series or metric; skips a series removed meanwhile, as its values are gone. */
function writeMember(writer: PbfWriter, member: Series | Metric, nowMs: number): void {
  if (!(member instanceof Series)) writeMetric(writer, member);
  else if (member.isLive) writeMetric(writer, metricOf(member, nowMs));
}

/** Copies the written bytes and resets the writer. */
function take(writer: PbfWriter): Uint8Array {
  const bytes = writer.buf.slice(0, writer.pos);
  writer.pos = 0;
  return bytes;
}

function append(writer: PbfWriter, message: PbfWriter): void {
  writer.realloc(message.pos);
  writer.buf.set(message.buf.subarray(0, message.pos), writer.pos);
  writer.pos += message.pos;
  message.pos = 0;
}
