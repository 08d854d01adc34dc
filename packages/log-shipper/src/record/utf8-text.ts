import { isUtf8 } from 'node:buffer';
import type { Chunk, Line } from '../frame/line.ts';

/**
 * The text of each line as UTF-8: invalid bytes become U+FFFD. One check of a whole chunk finds nearly all lines valid;
 * only the others are checked one by one, and only invalid ones are decoded.
 */
export class Utf8Text {
  /** The text of the last line that was taken. */
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  end = 0;
  #chunk: Chunk = { bytes: this.bytes, end: 0, base: 0 };
  /** The chunk is known to be UTF-8 up to this index. */
  #cleanUntil = 0;

  /** Begins a chunk: the following lines are from it, from index `from` on. */
  begin(chunk: Chunk, from: number): void {
    this.#chunk = chunk;
    // the bytes after the last newline may end within a character
    const last = chunk.end === 0 ? -1 : chunk.bytes.lastIndexOf(0x0a, chunk.end - 1);
    this.#cleanUntil = last > from && isUtf8(chunk.bytes.subarray(from, last)) ? last : from;
  }

  take({ bytes, start, end }: Line): void {
    const isClean = bytes === this.#chunk.bytes && end <= this.#cleanUntil;
    if (isClean || isUtf8(bytes.subarray(start, end))) {
      this.bytes = bytes;
      this.start = start;
      this.end = end;
      return;
    }
    this.bytes = Buffer.from(bytes.toString('utf8', start, end));
    this.start = 0;
    this.end = this.bytes.length;
  }
}
