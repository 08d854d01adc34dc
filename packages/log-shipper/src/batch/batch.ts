import { countOf, type Spans } from './spans.ts';

/** How large a batch may become. */
export interface BatchLimits {
  readonly bytes: number;
  readonly records: number;
}

/** Records from byte `start` on have this head in common; a sink sends it once for all of them. */
export interface Group {
  readonly start: number;
  readonly head: Buffer;
}

/** Some of a batch's records, one after the other. */
export interface Selection {
  readonly bytes: Buffer;
  readonly count: number;
  /** Empty if records have no common head. */
  readonly groups: readonly Group[];
}

/**
 * Records that go to a sink together: newline-ended, one after the other in a buffer that is reused.
 * `marks` has the position that each file reaches once the batch is acknowledged.
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
  /** Bytes of the files that the records were made from. */
  sourceBytes = 0;

  constructor(limits: BatchLimits) {
    this.limits = limits;
    this.#standard = Buffer.allocUnsafeSlow(limits.bytes);
    this.bytes = this.#standard;
    this.#ends = new Uint32Array(limits.records);
  }

  /**
   * Makes room for one more record of `size` bytes. False if the batch is full and has to be sent first.
   * A record larger than a whole batch gets a buffer of its own and is sent alone.
   */
  reserve(size: number): boolean {
    if (this.count >= this.limits.records) return false;
    if (this.length + size <= this.bytes.length) return true;
    if (this.count > 0) return false;
    this.bytes = Buffer.allocUnsafeSlow(size);
    return true;
  }

  /** Sets the head of the following records. */
  group(head: Buffer): void {
    if (this.#groups.at(-1)?.head !== head) this.#groups.push({ start: this.length, head });
  }

  /** Adds the bytes written up to `end` as one record. */
  add(end: number): void {
    this.#ends[this.count++] = end;
    this.length = end;
  }

  /** Selects some of the records. Bytes are copied only if records between them are left out. */
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
