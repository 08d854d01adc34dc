const firstBytes = 4096;

/** What a client has sent and nobody has taken yet. Empty most of the time, and then without memory. */
export class Input {
  #bytes: Buffer | undefined;
  #start = 0;
  #end = 0;

  get size(): number {
    return this.#end - this.#start;
  }

  /** Memory that it holds, in bytes. */
  get heldBytes(): number {
    return this.#bytes?.length ?? 0;
  }

  get bytes(): Buffer {
    return this.#bytes ?? empty;
  }

  get start(): number {
    return this.#start;
  }

  get end(): number {
    return this.#end;
  }

  /** Takes a copy. `expected` is how large the content is known to become, or 0. */
  append(bytes: Buffer, { start, end }: { start: number; end: number }, expected: number): void {
    const size = this.size + end - start;
    const room = this.#bytes?.length ?? 0;
    if (this.#bytes === undefined || this.#start + size > room) {
      const target = size <= room ? this.bytes : Buffer.allocUnsafeSlow(roomFor(size, room, expected));
      this.bytes.copy(target, 0, this.#start, this.#end);
      this.#bytes = target;
      this.#end = this.size;
      this.#start = 0;
    }
    bytes.copy(this.#bytes, this.#end, start, end);
    this.#end += end - start;
  }

  /** Puts bytes in front of what is there. */
  prepend(bytes: Buffer): void {
    this.#bytes = Buffer.concat([bytes, this.bytes.subarray(this.#start, this.#end)]);
    this.#start = 0;
    this.#end = this.#bytes.length;
  }

  /** Drops what has been taken: all before `at`, an offset into `bytes`. */
  dropBefore(at: number): void {
    this.#start = at;
    if (this.#start < this.#end) return;
    this.#bytes = undefined;
    this.#start = this.#end = 0;
  }
}

const empty = Buffer.alloc(0);

/** At least double, so that what comes in small pieces is not copied again for each; what is announced at most once. */
function roomFor(size: number, before: number, expected: number): number {
  const announced = Math.min(expected, size * 4);
  return Math.max(firstBytes, size, before * 2, announced);
}
