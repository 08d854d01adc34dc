const kib = 1024;

/** Sizes of buffers, and the number of each to keep: 22 MiB at most. */
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
 * Reuses memory in a few sizes, because fresh allocations would cost page faults and
 * garbage collections. The kept memory is bounded.
 */
export class BufferPool {
  readonly #kinds = kinds.map(({ size, spare }) => ({ size, maxSpare: spare, spare: [] as Buffer[] }));

  /** Returns a buffer of at least this size, with arbitrary content. */
  take(atLeast: number): Buffer {
    for (const { size, spare } of this.#kinds) {
      // not from Node's pool: it is long-lived, and would keep its neighbours alive
      if (size >= atLeast) return spare.pop() ?? Buffer.allocUnsafeSlow(size);
    }
    return Buffer.allocUnsafeSlow(atLeast);
  }

  /** Returns a buffer to the pool. The caller must not use it any more. */
  give(buffer: Buffer): void {
    for (const { size, maxSpare, spare } of this.#kinds) {
      if (size !== buffer.length) continue;
      if (spare.length < maxSpare) spare.push(buffer);
      return;
    }
  }
}

/** Pool of all links and clients of this process. */
export const buffers = new BufferPool();
