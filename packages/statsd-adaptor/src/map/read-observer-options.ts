import type { QuantileTarget } from '../series/quantile-stream.ts';
import type { HistogramOptions } from '../series/series.ts';
import type { SummaryOptions } from '../series/sliding-quantiles.ts';
import { oldSummaryFields } from './old-fields.ts';
import type { Place, YamlReader } from './yaml-reader.ts';

const maxBufferSize = 10_000;

/** Reads the options; a field that is missing or 0 is taken from `base`. */
export function readSummaryOptions(
  reader: YamlReader,
  place: Place | undefined,
  base: SummaryOptions,
): SummaryOptions {
  if (!reader.isGiven(place)) return base;
  const fields = reader.fields(place, ['quantiles', 'max_age', 'age_buckets', 'buf_cap'], oldSummaryFields);
  if (fields === undefined) return base;
  const quantiles = reader.list(fields.get('quantiles')).map((target) => readTarget(reader, target));
  const maxAge = reader.seconds(fields.get('max_age')) ?? 0;
  if (maxAge < 0) reader.fault(fields.get('max_age') ?? place, 'expected a duration that is not negative');
  return {
    quantiles: quantiles.length === 0 ? base.quantiles : sorted(quantiles),
    maxAgeMs: maxAge * 1000 || base.maxAgeMs,
    ageBuckets: reader.count(fields.get('age_buckets')) || base.ageBuckets,
    bufferSize: Math.min(reader.count(fields.get('buf_cap')) || base.bufferSize, maxBufferSize),
  };
}

function readTarget(reader: YamlReader, place: Place): QuantileTarget {
  const fields = reader.fields(place, ['quantile', 'error']) ?? new Map<string, Place>();
  const read = (name: string) => {
    const field = fields.get(name);
    const value = reader.number(field) ?? 0;
    if (!(value >= 0 && value <= 1)) reader.fault(field ?? place, 'expected a number from 0 to 1');
    return value;
  };
  return { quantile: read('quantile'), error: read('error') };
}

/** Reads quantiles in rising order; of two errors for one quantile the later wins. */
function sorted(targets: readonly QuantileTarget[]): QuantileTarget[] {
  const byQuantile = new Map(targets.map((target) => [target.quantile, target]));
  return [...byQuantile.values()].sort((a, b) => a.quantile - b.quantile);
}

/** Reads the options; a field that is missing or 0 is taken from `base`. */
export function readHistogramOptions(
  reader: YamlReader,
  place: Place | undefined,
  base: HistogramOptions,
): HistogramOptions {
  if (!reader.isGiven(place)) return base;
  const fields = reader.fields(place, [
    'buckets',
    'native_histogram_bucket_factor',
    'native_histogram_max_buckets',
  ]);
  if (fields === undefined) return base;
  const factor = reader.number(fields.get('native_histogram_bucket_factor')) ?? 0;
  const maxBuckets = reader.count(fields.get('native_histogram_max_buckets'));
  return {
    buckets: readBuckets(reader, fields.get('buckets')) ?? base.buckets,
    native: {
      // a negative factor counts as missing, as in upstream
      bucketFactor: factor > 0 ? factor : base.native.bucketFactor,
      maxBuckets: maxBuckets || base.native.maxBuckets,
    },
  };
}

/** Reads bounds without the infinite one, which always exists; undefined if none is given. */
function readBuckets(reader: YamlReader, place: Place | undefined): number[] | undefined {
  const buckets: number[] = [];
  for (const each of reader.list(place)) {
    const bound = reader.number(each) ?? Number.NaN;
    const last = buckets.at(-1) ?? Number.NEGATIVE_INFINITY;
    // the first may be -Inf
    if (!(bound > last || (buckets.length === 0 && bound === last)))
      reader.fault(each, 'expected bounds in increasing order');
    buckets.push(bound);
  }
  return buckets.length === 0 ? undefined : buckets.filter((bound) => bound !== Number.POSITIVE_INFINITY);
}
