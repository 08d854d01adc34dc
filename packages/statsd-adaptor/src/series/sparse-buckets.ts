/** Counts by bucket index, in rising order of the index; only buckets that counted something are there. */
export class SparseBuckets {
  readonly indexes: number[] = [];
  readonly counts: number[] = [];

  get size(): number {
    return this.indexes.length;
  }

  /** Adds to a bucket that is there; false if it is not. */
  addTo(index: number, weight: number): boolean {
    const at = this.#find(index);
    if (this.indexes[at] !== index) return false;
    this.counts[at] = (this.counts[at] ?? 0) + weight;
    return true;
  }

  /** Makes a bucket that is not there yet. */
  insert(index: number, weight: number): void {
    const at = this.#find(index);
    this.indexes.splice(at, 0, index);
    this.counts.splice(at, 0, weight);
  }

  /** Merges each two buckets that are one at the next lower resolution. */
  halve(): void {
    let size = 0;
    for (const [at, index] of this.indexes.entries()) {
      const half = (index + 1) >> 1;
      const count = this.counts[at] ?? 0;
      if (size > 0 && this.indexes[size - 1] === half)
        this.counts[size - 1] = (this.counts[size - 1] ?? 0) + count;
      else {
        this.indexes[size] = half;
        this.counts[size] = count;
        size++;
      }
    }
    this.indexes.length = size;
    this.counts.length = size;
  }

  /** Where the index is, or belongs. */
  #find(index: number): number {
    let low = 0;
    let high = this.indexes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.indexes[middle] ?? 0) < index) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
