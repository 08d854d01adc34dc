/** Counts by bucket index, in rising order of the index, without empty buckets. */
export class SparseBuckets {
  readonly indexes: number[] = [];
  readonly counts: number[] = [];

  get size(): number {
    return this.indexes.length;
  }

  /** Adds to an existing bucket; false if it does not exist. */
  addTo(index: number, weight: number): boolean {
    const at = this.#find(index);
    if (this.indexes[at] !== index) return false;
    this.counts[at] = (this.counts[at] ?? 0) + weight;
    return true;
  }

  /** Inserts a new bucket. */
  insert(index: number, weight: number): void {
    const at = this.#find(index);
    this.indexes.splice(at, 0, index);
    this.counts.splice(at, 0, weight);
  }

  /** Halves the resolution by merging pairs of buckets. */
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

  /** Finds the position of an index, or the one to insert it at. */
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
