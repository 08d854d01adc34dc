/**
 * Remembers when a file reached which size, to compute the age of the first unshipped byte. Bounded: if there are too many
 * samples, the younger of two is dropped, so that an age is never too small.
 */
export class GrowthLog {
  readonly #samples: Array<{ readonly size: number; readonly atMs: number }> = [];

  /** Notes that the file has `size` bytes, the last of them written at `atMs`. */
  grew(size: number, atMs: number): void {
    this.#samples.push({ size, atMs });
    if (this.#samples.length > maxSamples) {
      for (let index = this.#samples.length - 2; index > 0; index -= 2) {
        const [younger] = this.#samples.splice(index, 1);
        const older = this.#samples[index - 1];
        if (younger !== undefined && older !== undefined) {
          this.#samples[index - 1] = { size: younger.size, atMs: older.atMs };
        }
      }
    }
  }

  /** When the byte at `offset` was written, as far as known; undefined if it does not exist yet. */
  writtenAt(offset: number): number | undefined {
    return this.#samples.find(({ size }) => size > offset)?.atMs;
  }

  /** Forgets the content before `offset`. */
  forget(offset: number): void {
    while (this.#samples.length > 0 && (this.#samples[0]?.size ?? 0) <= offset) this.#samples.shift();
  }
}

const maxSamples = 256;
