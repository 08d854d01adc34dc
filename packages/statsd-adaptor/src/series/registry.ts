import { ExpiryWheel } from './expiry-wheel.ts';
import { Family } from './family.ts';
import { sampleNames } from './family-kind.ts';
import { detached } from './labels.ts';
import { HistogramSeries, NumberSeries, type Series, SetSeries, SummarySeries } from './series.ts';
import { nameBytes, seriesBytes } from './series-cost.ts';
import { SeriesMemory } from './series-memory.ts';
import type { SeriesPolicy, SeriesSpec } from './series-spec.ts';
import type { DistinctOptions } from './sliding-distinct.ts';
import { SortedNames } from './sorted-names.ts';

export interface RegistryLimits {
  /** Series in all. */
  readonly total: number;
  /** Series of one metric. */
  readonly perMetric: number;
  /** Bytes of all series, including names. */
  readonly bytes: number;
}

export interface RegistryOptions {
  readonly limits: RegistryLimits;
  readonly sets: DistinctOptions;
  readonly nowSeconds: number;
}

/** Reasons for refusing a sample a series. */
export type Refusal = 'conflict' | 'total_limit' | 'metric_limit' | 'memory_limit';

/**
 * All series, by metric name. A known name keeps its kind and its sample names (`x_sum`, `x_count`, `x_bucket`) even
 * after its series have expired. A conflicting name is refused, as it would break the exposition.
 */
export class Registry {
  readonly memory: SeriesMemory;
  readonly #limits: RegistryLimits;
  readonly #sets: DistinctOptions;
  readonly #families = new Map<string, Family>();
  readonly #sortedNames = new SortedNames();
  readonly #takenNames = new Set<string>();
  readonly #expiry: ExpiryWheel;
  #seriesCount = 0;
  #emptyFamilies = 0;
  #rulesVersion = 0;

  constructor({ limits, sets, nowSeconds }: RegistryOptions) {
    this.#limits = limits;
    this.memory = new SeriesMemory(limits.bytes);
    this.#sets = sets;
    this.#expiry = new ExpiryWheel(nowSeconds);
  }

  /** Reserves sample names of other metrics in the exposition. */
  reserve(names: Iterable<string>): void {
    for (const name of names) this.#takenNames.add(name);
  }

  get seriesCount(): number {
    return this.#seriesCount;
  }

  get families(): ReadonlyMap<string, Family> {
    return this.#families;
  }

  /** The sorted names of all families; later ones do not change the returned list. */
  names(): readonly string[] {
    return this.#sortedNames.list();
  }

  /** Finds or creates the series of a sample. */
  resolve(spec: SeriesSpec, nowSeconds: number): Series | Refusal {
    const family = this.#families.get(spec.name);
    if (family === undefined) return this.#isTaken(spec) ? 'conflict' : this.#create(spec, nowSeconds);
    if (family.kind !== spec.kind) return 'conflict';
    const series = family.series.get(spec.labels.text);
    if (series === undefined) return this.#create(spec, nowSeconds);
    if (series.rulesVersion !== this.#rulesVersion) this.#follow(series, spec.policy);
    return series;
  }

  /** Gives each series the time to live of the new rules, with its next sample. */
  useNewRules(): void {
    this.#rulesVersion++;
  }

  /** Removes expired series; checks at most `limit`, and `isDone` is false if some may be left. */
  expire(nowSeconds: number, limit: number): { readonly removed: number; readonly isDone: boolean } {
    const { expired, isDone } = this.#expiry.sweep(nowSeconds, limit);
    for (const series of expired) {
      series.family.remove(series);
      if (series.family.series.size === 0) this.#emptyFamilies++;
    }
    this.#seriesCount -= expired.length;
    return { removed: expired.length, isDone };
  }

  #follow(series: Series, { ttlSeconds }: SeriesPolicy): void {
    series.rulesVersion = this.#rulesVersion;
    if (series.ttlSeconds !== ttlSeconds) this.#expiry.change(series, ttlSeconds);
  }

  #isTaken({ name, kind }: SeriesSpec): boolean {
    return sampleNames(name, kind).some((sampleName) => this.#takenNames.has(sampleName));
  }

  #create(spec: SeriesSpec, nowSeconds: number): Series | Refusal {
    const known = this.#families.get(spec.name);
    const refusal = this.#refusal(spec, known) ?? (known === undefined ? this.#nameRefusal() : undefined);
    if (refusal !== undefined) return refusal;
    const family = known ?? this.#addFamily(spec);
    const series = this.#newSeries(spec, nowSeconds, family);
    if (family.series.size === 0) this.#emptyFamilies--;
    series.rulesVersion = this.#rulesVersion;
    family.add(series);
    this.#seriesCount++;
    if (series.ttlSeconds !== 0) this.#expiry.add(series);
    return series;
  }

  #refusal(spec: SeriesSpec, family: Family | undefined): Refusal | undefined {
    if (this.#seriesCount >= this.#limits.total) return 'total_limit';
    if ((family?.series.size ?? 0) >= this.#limits.perMetric) return 'metric_limit';
    const bytes = seriesBytes(spec) + (family === undefined ? nameBytes(spec) : 0);
    if (!this.memory.hasRoomFor(bytes)) this.#forgetEmpty(family);
    return this.memory.hasRoomFor(bytes) ? undefined : 'memory_limit';
  }

  #nameRefusal(): Refusal | undefined {
    if (this.#families.size >= this.#limits.total) this.#forgetEmpty();
    return this.#families.size >= this.#limits.total ? 'total_limit' : undefined;
  }

  #addFamily(spec: SeriesSpec): Family {
    const { name, kind, policy } = spec;
    const account = this.memory.open(nameBytes(spec));
    const family = new Family({ name: detached(name), kind, help: policy.help, account });
    for (const sampleName of family.sampleNames) this.#takenNames.add(sampleName);
    this.#families.set(family.name, family);
    this.#sortedNames.add(family.name);
    this.#emptyFamilies++;
    return family;
  }

  /** Forgets names without series, when a new one has no room; keeps `needed`. */
  #forgetEmpty(needed?: Family): void {
    const spared = needed?.series.size === 0 ? 1 : 0;
    if (this.#emptyFamilies === spared) return;
    this.#emptyFamilies = spared;
    for (const family of this.#families.values()) {
      if (family.series.size > 0 || family === needed) continue;
      family.account.close();
      for (const name of family.sampleNames) this.#takenNames.delete(name);
      this.#families.delete(family.name);
    }
    this.#sortedNames.reset(this.#families.keys());
  }

  #newSeries(spec: SeriesSpec, nowSeconds: number, family: Family): Series {
    const { kind, labels, policy } = spec;
    const account = this.memory.open(seriesBytes(spec));
    const start = { family, labels, ttlSeconds: policy.ttlSeconds, nowSeconds, account };
    if (kind === 'summary') return new SummarySeries(start, policy.summary);
    if (kind === 'histogram') return new HistogramSeries(start, policy.histogram);
    return kind === 'set' ? new SetSeries(start, this.#sets) : new NumberSeries(start);
  }
}
