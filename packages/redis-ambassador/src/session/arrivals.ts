/** Bytes that came at about the same time. */
interface Mark {
  readonly at: number;
  bytes: number;
}

/** What comes within so long counts as having come at once; twice as long each time that there are too many marks. */
const firstGrainMs = 10;
const maxMarks = 64;

/** When the bytes of a queue came. Where that is not told exactly, it is told too early. */
export class Arrivals {
  #marks: Mark[] = [];
  #grainMs = firstGrainMs;

  /** So many bytes have come behind all others. */
  append(bytes: number, at: number): void {
    const last = this.#marks.at(-1);
    if (last !== undefined && at - last.at < this.#grainMs) last.bytes += bytes;
    else this.#marks.push({ at, bytes });
    if (this.#marks.length > maxMarks) this.#coarsen();
  }

  /** So many bytes that came then are put in front of all others. */
  prepend(bytes: number, at: number): void {
    this.#marks.unshift({ at, bytes });
  }

  /** So many bytes have left at the front. */
  drop(bytes: number): void {
    let left = bytes;
    for (let first = this.#marks[0]; first !== undefined && left > 0; first = this.#marks[0]) {
      if (first.bytes > left) {
        first.bytes -= left;
        return;
      }
      left -= first.bytes;
      this.#marks.shift();
    }
    if (this.#marks.length === 0) this.#grainMs = firstGrainMs;
  }

  /** When the byte at this offset came; the last one's time for what is beyond. */
  at(offset: number): number {
    let end = 0;
    for (const { at, bytes } of this.#marks) {
      end += bytes;
      if (offset < end) return at;
    }
    return this.#marks.at(-1)?.at ?? 0;
  }

  /** All of them count as having come now. */
  restart(now: number): void {
    const bytes = this.#marks.reduce((sum, mark) => sum + mark.bytes, 0);
    this.#marks = bytes === 0 ? [] : [{ at: now, bytes }];
  }

  #coarsen(): void {
    const marks = this.#marks;
    this.#grainMs *= 2;
    this.#marks = marks
      .filter((_, index) => index % 2 === 0)
      .map(({ at, bytes }, index) => ({ at, bytes: bytes + (marks[index * 2 + 1]?.bytes ?? 0) }));
  }
}
