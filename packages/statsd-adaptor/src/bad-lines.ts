import type { Counts } from './counts.ts';
import type { Fault } from './faults.ts';

/** A line refused in whole or in part. */
export interface BadLine {
  readonly reason: Fault;
  /** Time of arrival, RFC 3339. */
  readonly at: string;
  /** Its first 256 bytes. */
  readonly line: string;
}

const keptPerReason = 10;
const maxBytes = 256;

interface Kept {
  readonly lines: Array<{ readonly order: number; readonly line: BadLine }>;
  /** Lines of this reason since the start. */
  count: number;
  /** The second in which lines were last kept, and their number. */
  second: number;
  inSecond: number;
}

/**
 * The last ten faulty lines of each reason, so that a flood of one reason does not displace the others. At most ten
 * a second are examined per reason, so that a faulty line costs no more than a good one.
 */
export class BadLines {
  readonly #byReason = new Map<Fault, Kept>();
  readonly #counts: Pick<Counts, 'lastFault'>;
  readonly #wallClock: () => number;
  #order = 0;

  /**
   * @param counts has the reason of the current line
   * @param wallClock milliseconds since 1970
   */
  constructor(counts: Pick<Counts, 'lastFault'>, wallClock: () => number) {
    this.#counts = counts;
    this.#wallClock = wallClock;
  }

  /** Notes bytes[start, end). `nowMs` is from a monotonic clock. */
  note(bytes: Buffer, { start, end }: { readonly start: number; readonly end: number }, nowMs: number): void {
    const { lastFault: reason } = this.#counts;
    const kept = this.#keptFor(reason);
    kept.count++;
    const second = Math.floor(nowMs / 1000);
    if (second !== kept.second) kept.inSecond = 0;
    kept.second = second;
    if (kept.inSecond++ >= keptPerReason) return;
    if (kept.lines.length >= keptPerReason) kept.lines.shift();
    const at = new Date(this.#wallClock()).toISOString();
    const line = bytes.toString('utf8', start, Math.min(end, start + maxBytes));
    kept.lines.push({ order: this.#order++, line: { reason, at, line } });
  }

  /** The kept lines, newest first. */
  list(): BadLine[] {
    const all = [...this.#byReason.values()].flatMap(({ lines }) => lines);
    return all.sort((a, b) => b.order - a.order).map(({ line }) => line);
  }

  /** Number of faulty lines by reason, kept or not. */
  counts(): Map<Fault, number> {
    return new Map([...this.#byReason].map(([reason, { count }]) => [reason, count]));
  }

  #keptFor(reason: Fault): Kept {
    const known = this.#byReason.get(reason);
    if (known !== undefined) return known;
    const made: Kept = { lines: [], count: 0, second: -1, inSecond: 0 };
    this.#byReason.set(reason, made);
    return made;
  }
}
