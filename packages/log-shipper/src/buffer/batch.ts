/** How large a batch may become. */
export interface BatchLimits {
  readonly bytes: number;
  readonly records: number;
}

/**
 * Records that go to a sink together: newline-ended, one behind the other in one buffer that is used again.
 * `marks` says up to where each file is covered once the batch has been acknowledged.
 */
export class Batch<File, Mark> {
  readonly limits: BatchLimits;
  readonly marks = new Map<File, Mark>();
  readonly #standard: Buffer;
  readonly #ends: Uint32Array;
  /** Write here, from `length` on, then call `add`. */
  bytes: Buffer;
  length = 0;
  count = 0;
  /** Bytes of the files that the records stand for. */
  sourceBytes = 0;

  constructor(limits: BatchLimits) {
    this.limits = limits;
    this.#standard = Buffer.allocUnsafeSlow(limits.bytes);
    this.bytes = this.#standard;
    this.#ends = new Uint32Array(limits.records);
  }

  /**
   * Makes room for one more record of `size` bytes. False when the batch is full and has to go first; a
   * record that is larger than a whole batch gets a buffer of its own and goes alone.
   */
  reserve(size: number): boolean {
    if (this.count >= this.limits.records) return false;
    if (this.length + size <= this.bytes.length) return true;
    if (this.count > 0) return false;
    this.bytes = Buffer.allocUnsafeSlow(size);
    return true;
  }

  /** Takes what was written up to `end` as one record. */
  add(end: number): void {
    this.#ends[this.count++] = end;
    this.length = end;
  }

  /** The bytes of the records `from` (included) to `to` (not). */
  slice(from: number, to: number): Buffer {
    return this.bytes.subarray(this.#startOf(from), this.#startOf(to));
  }

  clear(): void {
    this.bytes = this.#standard;
    this.length = 0;
    this.count = 0;
    this.sourceBytes = 0;
    this.marks.clear();
  }

  #startOf(record: number): number {
    return record === 0 ? 0 : (this.#ends[record - 1] ?? this.length);
  }
}
