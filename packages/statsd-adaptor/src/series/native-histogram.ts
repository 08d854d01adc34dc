import { bucketIndex, coarsestSchema, schemaOf } from './native-buckets.ts';
import type { Account } from './series-memory.ts';
import { SparseBuckets } from './sparse-buckets.ts';

/** Values up to this are in the zero bucket; as client_golang has it. */
export const zeroThreshold = 2 ** -128;
/** So many buckets have room from the start. */
const firstBuckets = 16;
const bucketBytes = 24;
/** What a native histogram takes with its first buckets; measured with Node 24, rounded up. */
export const nativeBytes = 200 + firstBuckets * bucketBytes;

export interface NativeOptions {
  /** Each bucket's bound is at most so many times that of the one before; 1 or less makes no native histogram. */
  readonly bucketFactor: number;
  /** With more buckets the resolution is halved. */
  readonly maxBuckets: number;
}

/** A native histogram, whose buckets come as values need them; the rules are client_golang's. */
export class NativeHistogram {
  readonly positive = new SparseBuckets();
  /** Few histograms see negative values. */
  negative: SparseBuckets | undefined;
  zeroCount = 0;
  schema: number;
  readonly #maxBuckets: number;
  readonly #account: Account;
  /** What the series takes without further buckets. */
  readonly #ownBytes: number;
  #room = firstBuckets;

  constructor({ bucketFactor, maxBuckets }: NativeOptions, account: Account) {
    this.schema = schemaOf(bucketFactor);
    this.#maxBuckets = maxBuckets;
    this.#account = account;
    this.#ownBytes = account.heldBytes - firstBuckets * bucketBytes;
  }

  observe(value: number, weight: number): void {
    const magnitude = Math.abs(value);
    if (magnitude <= zeroThreshold) {
      this.zeroCount += weight;
      return;
    }
    this.#add(this.#bucketsOf(value), magnitude, weight);
    // upstream looks once after each observation, of which a sampled one is many
    for (let times = weight; times > 0 && this.#hasTooMany(); times--) this.#halve();
  }

  #bucketsOf(value: number): SparseBuckets {
    if (value > 0) return this.positive;
    this.negative ??= new SparseBuckets();
    return this.negative;
  }

  /** Where memory is short, resolution goes first; a value without a bucket is counted as zero, so that counts add up. */
  #add(buckets: SparseBuckets, magnitude: number, weight: number): void {
    for (;;) {
      const index = bucketIndex(magnitude, this.schema);
      if (buckets.addTo(index, weight)) return;
      if (this.#makeRoom()) {
        buckets.insert(index, weight);
        return;
      }
      if (this.schema === coarsestSchema) break;
      this.#halve();
    }
    this.#account.lose(1);
    this.zeroCount += weight;
  }

  get #size(): number {
    return this.positive.size + (this.negative?.size ?? 0);
  }

  #hasTooMany(): boolean {
    return this.#size > this.#maxBuckets && this.schema > coarsestSchema;
  }

  #makeRoom(): boolean {
    if (this.#size < this.#room) return true;
    const isRoom = this.#account.reach(this.#ownBytes + this.#room * 2 * bucketBytes);
    if (isRoom) this.#room *= 2;
    return isRoom;
  }

  #halve(): void {
    this.schema--;
    this.positive.halve();
    this.negative?.halve();
  }
}
