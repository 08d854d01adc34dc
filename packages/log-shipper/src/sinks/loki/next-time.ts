import { type Chunk, indexOf } from '../../frame/line.ts';
import { findNewline } from '../../frame/next-line.ts';
import { JsonObjectScanner } from '../../record/json-object.ts';
import { LineTime } from '../../record/line-time.ts';
import type { RecordOptions } from '../../record/record-writer.ts';
import { type Instant, readLineTime } from '../instant.ts';

/** Finds the next line of a chunk that has a time. Each line is scanned once, however often it is asked. */
export class NextTime {
  /** The time of the line that was found. */
  readonly time: Instant = { seconds: 0, nanoseconds: 0 };
  readonly #scanner = new JsonObjectScanner();
  readonly #lineTime: LineTime;
  #chunk: Chunk = { bytes: Buffer.alloc(0), end: 0, base: 0 };
  /** Lines before this index were scanned; the last of them with a time starts at `#found`. */
  #until = 0;
  #found = -1;

  constructor({ timeZone, timeFormat, now }: RecordOptions) {
    // an unreadable time is reported when its own line is written
    this.#lineTime = new LineTime({ ...(timeZone && { timeZone }), timeFormat, now });
  }

  /** Begins a chunk: the following lines are from it. */
  begin(chunk: Chunk): void {
    this.#chunk = chunk;
    this.#until = 0;
    this.#found = -1;
  }

  /** Whether a line at or after this file offset has a time. */
  isFrom(offset: number): boolean {
    const from = indexOf(this.#chunk, offset);
    this.#until = Math.max(this.#until, from);
    while (this.#found < from) {
      const end = findNewline(this.#chunk, this.#until);
      if (end < 0) return false;
      const { bytes } = this.#chunk;
      const isTimed =
        this.#scanner.scan(bytes, this.#until, end) &&
        readLineTime(this.#lineTime, { bytes, scanner: this.#scanner }, this.time);
      if (isTimed) this.#found = this.#until;
      this.#until = end + 1;
    }
    return true;
  }
}
