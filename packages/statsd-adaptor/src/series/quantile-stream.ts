/** A quantile to report and the allowed error of its rank, both as fractions. */
export interface QuantileTarget {
  readonly quantile: number;
  readonly error: number;
}

/** Number of different values to keep exactly before merging. */
const exactValues = 500;
/** Minimum error of a target; without it a stream would keep every value it ever saw. */
const leastError = 0.0001;
const fields = 4;

/**
 * Targeted quantiles over a stream of weighted values, in bounded memory: the biased quantiles of Cormode,
 * Korn, Muthukrishnan and Srivastava (2005), with weights. Up to 500 different values the answer is exact
 * (nearest rank); beyond, its rank is within the target's error.
 *
 * The sorted tuples are stored in one flat array, four numbers each:
 * - `value`, and `copies`, the weight of values equal to it;
 * - `below`, the weight of smaller values that were merged into it;
 * - `spread`, the uncertainty of the rank of its first copy, above `below` and all weight before it.
 * A tuple without merged values has exact ranks, however heavy it is.
 */
export class QuantileStream {
  readonly #targets: readonly QuantileTarget[];
  #tuples: number[] = [];
  #size = 0;
  #weight = 0;

  constructor(targets: readonly QuantileTarget[]) {
    this.#targets = targets;
  }

  /** Maximum memory, in bytes, while and after adding `count` pairs. */
  bytesWith(count: number): number {
    return Math.max(this.#tuples.length, (this.#size + count) * fields) * Float64Array.BYTES_PER_ELEMENT;
  }

  /** Adds `count` pairs of value and weight, sorted by value. */
  add(pairs: Float64Array, count: number): void {
    const merged = this.#merge(pairs, count);
    this.#store(merged.tuples, merged.size);
    if (this.#size > exactValues) this.#compress();
  }

  /** Returns the value at a target's quantile; NaN without values. */
  query(quantile: number): number {
    const rank = Math.max(1, Math.ceil(quantile * this.#weight));
    let best = Number.NaN;
    let bestDistance = Number.POSITIVE_INFINITY;
    let before = 0;
    for (let at = 0; at < this.#size * fields; at += fields) {
      const [value, copies, below, spread] = this.#tuple(at);
      const first = before + below + 1;
      const distance = Math.max(rank - (first + copies - 1), first + spread - rank, 0);
      if (distance < bestDistance) [best, bestDistance] = [value, distance];
      before += below + copies;
    }
    return best;
  }

  #tuple(at: number): [value: number, copies: number, below: number, spread: number] {
    const tuples = this.#tuples;
    return [
      numberAt(tuples, at),
      numberAt(tuples, at + 1),
      numberAt(tuples, at + 2),
      numberAt(tuples, at + 3),
    ];
  }

  /** Merges sorted pairs into the sorted tuples, into scratch memory. */
  #merge(pairs: Float64Array, count: number): { tuples: Float64Array; size: number } {
    const out = scratch((this.#size + count) * fields);
    const old = this.#tuples;
    let size = 0;
    let from = 0;
    const end = this.#size * fields;
    const keep = () => {
      for (let field = 0; field < fields; field++) out[size * fields + field] = numberAt(old, from + field);
      size++;
      from += fields;
    };
    for (let pair = 0; pair < count * 2; pair += 2) {
      const value = numberAt(pairs, pair);
      const copies = numberAt(pairs, pair + 1);
      this.#weight += copies;
      while (from < end && numberAt(old, from) <= value) keep();
      const last = (size - 1) * fields;
      if (size > 0 && out[last] === value) out[last + 1] = numberAt(out, last + 1) + copies;
      else {
        // as uncertain as its place in the order
        const spread = from < end ? numberAt(old, from + 2) + numberAt(old, from + 3) : 0;
        out.set([value, copies, 0, spread], size * fields);
        size++;
      }
    }
    while (from < end) keep();
    return { tuples: out, size };
  }

  #store(tuples: Float64Array, size: number): void {
    const length = size * fields;
    // allocated at once: growing number by number would copy it repeatedly
    if (this.#tuples.length < length) this.#tuples = new Array<number>(length);
    for (let at = 0; at < length; at++) this.#tuples[at] = numberAt(tuples, at);
    this.#size = size;
  }

  /** Merges neighbours, from the right, if the targets allow uncertain ranks between them. */
  #compress(): void {
    const tuples = this.#tuples;
    let kept = (this.#size - 1) * fields;
    let before = this.#weight - this.#mass(kept);
    for (let at = kept - fields; at >= 0; at -= fields) {
      const mass = this.#mass(at);
      before -= mass;
      const below = numberAt(tuples, kept + 2) + mass; // kept is a tuple's place
      const uncertain = below + numberAt(tuples, kept + 3);
      if (uncertain <= this.#allowed(before, before + uncertain)) tuples[kept + 2] = below;
      else {
        kept -= fields;
        for (let field = 0; field < fields; field++) tuples[kept + field] = numberAt(tuples, at + field);
      }
    }
    const size = this.#size - kept / fields;
    tuples.copyWithin(0, kept, this.#size * fields);
    this.#size = size;
    // returns unused memory, except room for the next batch
    if (tuples.length > (size + exactValues) * fields * 2) tuples.length = (size + exactValues) * fields;
  }

  #mass(at: number): number {
    return numberAt(this.#tuples, at + 1) + numberAt(this.#tuples, at + 2);
  }

  /** Allowed uncertainty of the ranks from `first` to `last`: twice the error of a target, more with its distance. */
  #allowed(first: number, last: number): number {
    let least = Number.POSITIVE_INFINITY;
    for (const { quantile, error: asked } of this.#targets) {
      const width = 2 * Math.max(asked, leastError) * this.#weight;
      const target = quantile * this.#weight;
      const nearest = Math.min(Math.max(target, first), last);
      const side = nearest < target ? (this.#weight - nearest) / (this.#weight - target) : nearest / target;
      // the ends of the scale have no other side to measure from
      const isEnd = quantile === 0 || quantile === 1;
      least = Math.min(least, isEnd ? width + Math.abs(nearest - target) : width * side);
    }
    return least;
  }
}

function numberAt(numbers: ArrayLike<number>, at: number): number {
  return numbers[at] as number; // all places here are within a stream's size or a batch's count
}

let memory = new Float64Array(4096);

/** Memory for one merge at a time, shared by all streams. */
function scratch(length: number): Float64Array {
  if (memory.length < length) memory = new Float64Array(length * 2);
  return memory;
}
