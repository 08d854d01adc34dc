import { QuantileStream, type QuantileTarget } from './quantile-stream.ts';
import { type Account, SeriesMemory } from './series-memory.ts';

export interface SummaryOptions {
  readonly quantiles: readonly QuantileTarget[];
  /** Time for which an observation counts for the quantiles, in milliseconds. */
  readonly maxAgeMs: number;
  /** Number of age steps. */
  readonly ageBuckets: number;
  /** Number of observations to buffer before sorting them in. */
  readonly bufferSize: number;
}

/** The first size of the buffer. */
const firstRoom = 4;
/** Memory of a buffered value with its weight. */
const valueBytes = 16;
const tupleBytes = 32;
const streamBytes = 200;

interface Generation {
  readonly stream: QuantileStream;
  /** The rotation at which it is dropped. */
  readonly endsAt: number;
}

/**
 * Quantiles over the last `maxAgeMs`. As in client_golang, streams start one age step apart, each observation goes
 * to all live streams, and the oldest answers. Here a stream starts with its first observation, so a series has only
 * as many streams as age steps in which it was used.
 */
export class SlidingQuantiles {
  readonly #options: SummaryOptions;
  readonly #account: Account;
  /** Memory of the series itself. */
  readonly #ownBytes: number;
  readonly #generations: Generation[] = [];
  readonly #values: number[] = [];
  /** Used from the first weight other than 1 until the values are sorted in. */
  #weights: number[] | undefined;
  #buffered = 0;
  /** Capacity of the buffer before it needs more memory. */
  #room = 0;
  #rotation = 0;
  #rotatesAt: number;
  #needsGeneration = true;

  constructor(options: SummaryOptions, nowMs: number, account = new SeriesMemory().open(0)) {
    this.#options = options;
    this.#account = account;
    this.#ownBytes = account.heldBytes;
    this.#rotatesAt = nowMs + options.maxAgeMs / options.ageBuckets;
  }

  observe(value: number, weight: number, nowMs: number): void {
    if (nowMs >= this.#rotatesAt) this.#rotate(nowMs);
    if (this.#buffered === this.#room && !this.#makeRoom()) {
      this.#account.lose(1);
      return;
    }
    if (weight !== 1) this.#weights ??= new Array<number>(this.#buffered).fill(1);
    const at = this.#buffered++;
    this.#values[at] = value;
    if (this.#weights !== undefined) this.#weights[at] = weight;
    if (this.#buffered >= this.#options.bufferSize) this.#flush();
  }

  /** Returns the value at one of the targets; NaN without observations within `maxAgeMs`. */
  query(quantile: number, nowMs: number): number {
    if (nowMs >= this.#rotatesAt) this.#rotate(nowMs);
    if (this.#buffered > 0) this.#flush();
    return this.#generations[0]?.stream.query(quantile) ?? Number.NaN;
  }

  /** Forgets all observations. */
  clear(): void {
    this.#generations.length = 0;
    this.#values.length = 0;
    this.#weights = undefined;
    this.#buffered = 0;
    this.#room = 0;
    this.#needsGeneration = true;
  }

  #rotate(nowMs: number): void {
    if (this.#buffered > 0) this.#flush();
    const stepMs = this.#options.maxAgeMs / this.#options.ageBuckets;
    const steps = Math.floor((nowMs - this.#rotatesAt) / stepMs) + 1;
    this.#rotation += steps;
    this.#rotatesAt += steps * stepMs;
    this.#needsGeneration = true;
    while (this.#generations[0] !== undefined && this.#generations[0].endsAt <= this.#rotation) {
      this.#generations.shift();
    }
  }

  /** Grows the buffer, with room in the streams for its values; if memory is short, flushes it instead. */
  #makeRoom(): boolean {
    const wanted = Math.min(this.#options.bufferSize, Math.max(firstRoom, this.#room * 2));
    if (this.#account.reach(this.#bytesWith(wanted, wanted))) this.#room = wanted;
    else if (this.#buffered > 0) this.#flush();
    return this.#buffered < this.#room;
  }

  /** Total memory with a buffer of this size, after adding this number of different values to the streams. */
  #bytesWith(room: number, values: number): number {
    const isNew = this.#needsGeneration && values > 0;
    const streams = this.#generations.reduce((sum, { stream }) => sum + stream.bytesWith(values), 0);
    return this.#ownBytes + room * valueBytes + streams + (isNew ? streamBytes + values * tupleBytes : 0);
  }

  #flush(): void {
    if (!this.#account.reach(this.#bytesWith(this.#room, this.#buffered))) {
      this.#account.lose(this.#buffered);
      this.#buffered = 0;
      this.#weights = undefined;
      return;
    }
    if (this.#needsGeneration) {
      const stream = new QuantileStream(this.#options.quantiles);
      this.#generations.push({ stream, endsAt: this.#rotation + this.#options.ageBuckets });
      this.#needsGeneration = false;
    }
    const { pairs, count } = sortedPairs(this.#values, this.#weights, this.#buffered);
    for (const { stream } of this.#generations) stream.add(pairs, count);
    this.#buffered = 0;
    this.#weights = undefined;
  }
}

let sorting = new Float64Array(512);
let pairing = new Float64Array(1024);

/** Sorts values and adds up the weights of equal ones; the next call reuses the memory. */
function sortedPairs(
  values: readonly number[],
  weights: readonly number[] | undefined,
  length: number,
): { pairs: Float64Array; count: number } {
  if (sorting.length < length) {
    sorting = new Float64Array(length * 2);
    pairing = new Float64Array(length * 4);
  }
  let count = 0;
  const put = (value: number, weight: number) => {
    const last = count * 2 - 2;
    if (count > 0 && pairing[last] === value) pairing[last + 1] = (pairing[last + 1] ?? 0) + weight;
    else {
      pairing[count * 2] = value;
      pairing[count * 2 + 1] = weight;
      count++;
    }
  };
  if (weights === undefined) {
    for (let at = 0; at < length; at++) sorting[at] = values[at] ?? 0; // so many were buffered
    const sorted = sorting.subarray(0, length).sort();
    for (const value of sorted) put(value, 1);
  } else {
    const order = Array.from({ length }, (_, at) => at).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
    for (const at of order) put(values[at] ?? 0, weights[at] ?? 0);
  }
  return { pairs: pairing, count };
}
