/** As upstream: what is before a line feed may have so many bytes. */
export const maxLineBytes = 4095;

/** Lines of one connection, put together from the pieces in which they come. */
export class StreamLines {
  readonly #takeLines: (bytes: Buffer) => number;
  #rest: Buffer = Buffer.alloc(0);

  /** @param takeLines takes all lines that end within the bytes; returns where the unfinished rest starts */
  constructor(takeLines: (bytes: Buffer) => number) {
    this.#takeLines = takeLines;
  }

  /** Takes a piece; false when a line is too long, after which nothing more can be taken. */
  push(chunk: Buffer): boolean {
    let from = 0;
    if (this.#rest.length > 0) {
      const feed = chunk.indexOf(10);
      from = feed < 0 ? chunk.length : feed + 1;
      const line = Buffer.concat([this.#rest, chunk.subarray(0, from)]);
      if (line.length - (feed < 0 ? 0 : 1) > maxLineBytes) return false;
      if (feed < 0) {
        this.#rest = line;
        return true;
      }
      this.#takeLines(line);
      this.#rest = Buffer.alloc(0);
    }
    return this.#pushWhole(chunk.subarray(from));
  }

  /** What came after the last line feed. */
  end(): Buffer {
    return this.#rest;
  }

  #pushWhole(bytes: Buffer): boolean {
    const long = startOfLongLine(bytes);
    const taken = this.#takeLines(long < 0 ? bytes : bytes.subarray(0, long));
    if (long >= 0) return false;
    // a copy: the piece it is in may be large
    this.#rest = Buffer.from(bytes.subarray(taken));
    return true;
  }
}

/** Where the first line starts that is too long, finished or not; -1 when there is none. */
function startOfLongLine(bytes: Buffer): number {
  for (let start = 0; bytes.length - start > maxLineBytes; ) {
    // the last feed a line from here may have; the lines before it need no look
    const feed = bytes.lastIndexOf(10, start + maxLineBytes);
    if (feed < start) return start;
    start = feed + 1;
  }
  return -1;
}
