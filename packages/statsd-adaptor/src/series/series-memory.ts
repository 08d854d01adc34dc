/** Newcomers leave this part alone: it is for series that exist and grow. */
const reserve = 0.2;

/** The memory that all series together may take, by estimates that were measured (`series-cost.ts`). */
export class SeriesMemory {
  readonly limitBytes: number;
  usedBytes = 0;
  /** Samples that are missing from quantiles and from members of sets for want of memory. */
  lostSamples = 0;

  constructor(limitBytes = Number.POSITIVE_INFINITY) {
    this.limitBytes = limitBytes;
  }

  /** Whether something new of this size may come. */
  hasRoomFor(bytes: number): boolean {
    return this.usedBytes + bytes <= this.limitBytes * (1 - reserve);
  }

  open(bytes: number): Account {
    this.usedBytes += bytes;
    return new Account(this, bytes);
  }
}

/** What one series, or one metric name, has of the memory. */
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

  /** Whether it may hold so many bytes. What it has had once it keeps: a series that is in use is never crowded out. */
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
