import { bucketIndex, coarsestSchema, schemaOf } from './native-buckets.ts';
import type { Account } from './series-memory.ts';
import { SparseBuckets } from './sparse-buckets.ts';

/** Upper bound of the zero bucket, as in client_golang. */
export const zeroThreshold = 2 ** -128;
/** Number of buckets with room from the start. */
const firstBuckets = 16;
const bucketBytes = 24;
/** Memory of a native histogram with its first buckets; measured with Node 24, rounded up. */
export const nativeBytes = 200 + firstBuckets * bucketBytes;

export interface NativeOptions {
  /** Maximum ratio of neighbouring bounds; 1 or less disables native histograms. */
  readonly bucketFactor: number;
  /** Beyond this number of buckets the resolution is halved. */
  readonly maxBuckets: number;
}

/** A native histogram, which creates buckets as values need them, by the rules of client_golang. */
export class NativeHistogram {
  readonly positive = new SparseBuckets();
  /** Created on demand, as few histograms see negative values. */
  negative: SparseBuckets | undefined;
  zeroCount = 0;
  schema: number;
  readonly #maxBuckets: number;
  readonly #account: Account;
  /** Memory of the series without further buckets. */
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
    // upstream checks once after each observation, and a sampled one stands for many
    for (let times = weight; times > 0 && this.#hasTooMany(); times--) this.#halve();
  }

  #bucketsOf(value: number): SparseBuckets {
    if (value > 0) return this.positive;
    this.negative ??= new SparseBuckets();
    return this.negative;
  }

  /** If memory is short, halves the resolution; a value left without a bucket counts as zero, so that counts add up. */
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
