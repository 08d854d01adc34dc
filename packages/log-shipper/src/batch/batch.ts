import { countOf, type Spans } from './spans.ts';

/** How large a batch may become. */
export interface BatchLimits {
  readonly bytes: number;
  readonly records: number;
}

/** Records from byte `start` on have this in common, which a sink says once for all of them. */
export interface Group {
  readonly start: number;
  readonly head: Buffer;
}

/** Some of a batch's records, one behind the other. */
export interface Selection {
  readonly bytes: Buffer;
  readonly count: number;
  /** None where records stand for themselves. */
  readonly groups: readonly Group[];
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
  readonly #groups: Group[] = [];
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

  /** The records to come have this in common. */
  group(head: Buffer): void {
    if (this.#groups.at(-1)?.head !== head) this.#groups.push({ start: this.length, head });
  }

  /** Takes the bytes written up to `end` as one record. */
  add(end: number): void {
    this.#ends[this.count++] = end;
    this.length = end;
  }

  /** Some of its records. Bytes are only copied where some in between are left out. */
  select(spans: Spans): Selection {
    const runs = spans.map(({ from, to }) => this.#slice(from, to));
    const [first, ...others] = runs;
    if (first !== undefined && others.length === 0) return first;
    const groups: Group[] = [];
    let length = 0;
    for (const run of runs) {
      for (const { start, head } of run.groups) {
        if (groups.at(-1)?.head !== head) groups.push({ start: length + start, head });
      }
      length += run.bytes.length;
    }
    return { bytes: Buffer.concat(runs.map(({ bytes }) => bytes)), count: countOf(spans), groups };
  }

  clear(): void {
    this.bytes = this.#standard;
    this.length = 0;
    this.count = 0;
    this.sourceBytes = 0;
    this.marks.clear();
    this.#groups.length = 0;
  }

  #slice(from: number, to: number): Selection {
    const start = this.#startOf(from);
    const end = this.#startOf(to);
    const groups = this.#groups
      .filter((group, index) => group.start < end && (this.#groups[index + 1]?.start ?? this.length) > start)
      .map((group) => ({ start: Math.max(0, group.start - start), head: group.head }));
    return { bytes: this.bytes.subarray(start, end), count: to - from, groups };
  }

  #startOf(record: number): number {
    return record === 0 ? 0 : (this.#ends[record - 1] ?? this.length);
  }
}
