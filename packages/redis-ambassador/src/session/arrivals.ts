/** Bytes received at about the same time. */
interface Mark {
  readonly at: number;
  bytes: number;
}

/** Bytes received within this time share a mark; it doubles whenever there are too many marks. */
const firstGrainMs = 10;
const maxMarks = 64;

/** Receive times of the bytes in a queue. Inexact times are too early, never too late. */
export class Arrivals {
  #marks: Mark[] = [];
  #grainMs = firstGrainMs;

  /** Appends this many bytes. */
  append(bytes: number, at: number): void {
    const last = this.#marks.at(-1);
    if (last !== undefined && at - last.at < this.#grainMs) last.bytes += bytes;
    else this.#marks.push({ at, bytes });
    if (this.#marks.length > maxMarks) this.#coarsen();
  }

  /** Prepends this many bytes received at that time. */
  prepend(bytes: number, at: number): void {
    this.#marks.unshift({ at, bytes });
  }

  /** Removes this many bytes from the front. */
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

  /** Returns the receive time of the byte at this offset; beyond the end, that of the last byte. */
  at(offset: number): number {
    let end = 0;
    for (const { at, bytes } of this.#marks) {
      end += bytes;
      if (offset < end) return at;
    }
    return this.#marks.at(-1)?.at ?? 0;
  }

  /** Sets the time of all bytes to now. */
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
