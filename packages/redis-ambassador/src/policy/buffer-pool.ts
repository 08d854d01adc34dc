const kib = 1024;

/** Sizes of buffers, and how many of each are kept for later: 22 MiB at most. */
const kinds = [
  { size: 4 * kib, spare: 1024 },
  { size: 16 * kib, spare: 128 },
  { size: 64 * kib, spare: 128 },
  { size: 128 * kib, spare: 16 },
  { size: 256 * kib, spare: 8 },
  { size: 512 * kib, spare: 4 },
  { size: 1024 * kib, spare: 2 },
] as const;

/**
 * Memory that is used again and again, in a few sizes: allocating it anew each time would cost page faults, and
 * the garbage collector would run for nothing else. What it keeps for later is bounded.
 */
export class BufferPool {
  readonly #kinds = kinds.map(({ size, spare }) => ({ size, maxSpare: spare, spare: [] as Buffer[] }));

  /** A buffer of at least this size. Its content is whatever was there before. */
  take(atLeast: number): Buffer {
    for (const { size, spare } of this.#kinds) {
      // not of Node's own pool: it lives long, and would keep its neighbours alive
      if (size >= atLeast) return spare.pop() ?? Buffer.allocUnsafeSlow(size);
    }
    return Buffer.allocUnsafeSlow(atLeast);
  }

  /** Gives a buffer back. Nobody may read or write it any more. */
  give(buffer: Buffer): void {
    for (const { size, maxSpare, spare } of this.#kinds) {
      if (size !== buffer.length) continue;
      if (spare.length < maxSpare) spare.push(buffer);
      return;
    }
  }
}

/** The memory of all links and clients of this process. */
export const buffers = new BufferPool();
