/** Share reserved for the growth of existing series. */
const reserve = 0.2;

/** The memory of all series together, by measured estimates (`series-cost.ts`). */
export class SeriesMemory {
  readonly limitBytes: number;
  usedBytes = 0;
  /** Samples missing from quantiles and sets for lack of memory. */
  lostSamples = 0;

  constructor(limitBytes = Number.POSITIVE_INFINITY) {
    this.limitBytes = limitBytes;
  }

  /** Whether there is room for something new of this size. */
  hasRoomFor(bytes: number): boolean {
    return this.usedBytes + bytes <= this.limitBytes * (1 - reserve);
  }

  open(bytes: number): Account {
    this.usedBytes += bytes;
    return new Account(this, bytes);
  }
}

/** The memory of one series, or of one metric name. */
export class Account {
  readonly #memory: SeriesMemory;
  #heldBytes: number;

  constructor(memory: SeriesMemory, heldBytes: number) {
    this.#memory = memory;
    this.#heldBytes = heldBytes;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Grows to this size if there is room. It never shrinks, so that series in use are not crowded out. */
  reach(bytes: number): boolean {
    const more = bytes - this.#heldBytes;
    if (more <= 0) return true;
    if (this.#memory.usedBytes + more > this.#memory.limitBytes) return false;
    this.#memory.usedBytes += more;
    this.#heldBytes = bytes;
    return true;
  }

  lose(samples: number): void {
    this.#memory.lostSamples += samples;
  }

  close(): void {
    this.#memory.usedBytes -= this.#heldBytes;
    this.#heldBytes = 0;
  }
}
