import type { FamilyKind } from './family-kind.ts';
import type { LabelText } from './labels.ts';
import { NativeHistogram, type NativeOptions } from './native-histogram.ts';
import type { Account } from './series-memory.ts';
import { type DistinctOptions, SlidingDistinct } from './sliding-distinct.ts';
import { SlidingQuantiles, type SummaryOptions } from './sliding-quantiles.ts';

/** The metric of a series: the part of `Family` that its series need. */
export interface SeriesFamily {
  readonly kind: FamilyKind;
  readonly series: ReadonlyMap<string, Series>;
  remove(series: Series): void;
}

/** The common part of all series. */
export abstract class Series {
  readonly family: SeriesFamily;
  readonly labels: LabelText;
  /** Seconds without a sample before its removal; 0 keeps it for ever. */
  ttlSeconds: number;
  /** The second of the expiry wheel in which it is checked next. */
  dueSecond = 0;
  /** The version of the rules that its time to live is from. */
  rulesVersion = 0;
  /** Time of the last sample, in seconds of the pipeline's clock. */
  lastSeen: number;
  readonly #account: Account;
  #isLive = true;

  constructor({ family, labels, ttlSeconds, nowSeconds, account }: SeriesStart) {
    this.family = family;
    this.labels = labels;
    this.ttlSeconds = ttlSeconds;
    this.lastSeen = nowSeconds;
    this.#account = account;
  }

  /** False after its removal; holders of it must look up its successor. */
  get isLive(): boolean {
    return this.#isLive;
  }

  /** Marks it as removed and releases its memory, as caches may hold it for long. */
  retire(): void {
    this.#isLive = false;
    this.#account.close();
  }
}

export interface SeriesStart {
  readonly family: SeriesFamily;
  readonly labels: LabelText;
  readonly ttlSeconds: number;
  readonly nowSeconds: number;
  readonly account: Account;
}

/** A counter or a gauge. */
export class NumberSeries extends Series {
  value = 0;
}

/** A set: the number of its different members in the last window. */
export class SetSeries extends Series {
  readonly members: SlidingDistinct;

  constructor(start: SeriesStart, options: DistinctOptions) {
    super(start);
    this.members = new SlidingDistinct(options, start.account);
  }

  override retire(): void {
    super.retire();
    this.members.clear();
  }
}

export class SummarySeries extends Series {
  readonly options: SummaryOptions;
  readonly quantiles: SlidingQuantiles;
  sum = 0;
  count = 0;

  constructor(start: SeriesStart, options: SummaryOptions) {
    super(start);
    this.options = options;
    this.quantiles = new SlidingQuantiles(options, start.nowSeconds * 1000, start.account);
  }

  observe(value: number, weight: number, nowMs: number): void {
    this.sum += value * weight;
    this.count += weight;
    this.quantiles.observe(value, weight, nowMs);
  }

  override retire(): void {
    super.retire();
    this.quantiles.clear();
  }
}

export interface HistogramOptions {
  /** Upper bounds in rising order, without the infinite one. */
  readonly buckets: readonly number[];
  readonly native: NativeOptions;
}

export class HistogramSeries extends Series {
  readonly options: HistogramOptions;
  /** Observations by bucket, not cumulative; the last bucket is above all bounds. */
  readonly counts: number[];
  /** The same observations for protobuf scrapes; undefined if disabled. */
  native: NativeHistogram | undefined;
  sum = 0;
  count = 0;

  constructor(start: SeriesStart, options: HistogramOptions) {
    super(start);
    this.options = options;
    this.counts = new Array<number>(options.buckets.length + 1).fill(0);
    const { native } = options;
    this.native = native.bucketFactor > 1 ? new NativeHistogram(native, start.account) : undefined;
  }

  observe(value: number, weight: number): void {
    this.sum += value * weight;
    this.count += weight;
    const bucket = bucketOf(value, this.options.buckets);
    this.counts[bucket] = (this.counts[bucket] ?? 0) + weight;
    this.native?.observe(value, weight);
  }

  override retire(): void {
    super.retire();
    this.native = undefined;
  }
}

/** Finds the first bucket whose bound is not below the value. */
function bucketOf(value: number, bounds: readonly number[]): number {
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((bounds[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
