/** Maximum bytes of a line before its line feed, as upstream. */
export const maxLineBytes = 4095;

/** Assembles the lines of one connection from the chunks in which they arrive. */
export class StreamLines {
  readonly #takeLines: (bytes: Buffer) => number;
  #rest: Buffer = Buffer.alloc(0);

  /** @param takeLines takes all lines that end within the bytes; returns where the unfinished rest starts */
  constructor(takeLines: (bytes: Buffer) => number) {
    this.#takeLines = takeLines;
  }

  /** Takes a chunk; false if a line is too long, after which it takes no more. */
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

  /** The bytes after the last line feed. */
  end(): Buffer {
    return this.#rest;
  }

  #pushWhole(bytes: Buffer): boolean {
    const long = startOfLongLine(bytes);
    const taken = this.#takeLines(long < 0 ? bytes : bytes.subarray(0, long));
    if (long >= 0) return false;
    // copied, because its chunk may be large
    this.#rest = Buffer.from(bytes.subarray(taken));
    return true;
  }
}

/** Finds the start of the first line that is too long, complete or not; -1 if there is none. */
function startOfLongLine(bytes: Buffer): number {
  for (let start = 0; bytes.length - start > maxLineBytes; ) {
    // the last possible line feed of a line from here; earlier lines need no check
    const feed = bytes.lastIndexOf(10, start + maxLineBytes);
    if (feed < start) return start;
    start = feed + 1;
  }
  return -1;
}
