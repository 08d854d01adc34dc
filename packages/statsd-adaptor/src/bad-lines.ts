import type { Counts } from './counts.ts';
import type { Fault } from './faults.ts';

/** A line that was not taken, or not whole. */
export interface BadLine {
  readonly reason: Fault;
  /** When it came, RFC 3339. */
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
  /** The second in which lines were kept last, and how many. */
  second: number;
  inSecond: number;
}

/**
 * The last lines with a fault, by reason: a flood of one reason leaves those of others alone. Ten are kept of each,
 * and of each at most ten a second are looked at, so that a flood costs what other lines cost.
 */
export class BadLines {
  readonly #byReason = new Map<Fault, Kept>();
  readonly #counts: Pick<Counts, 'lastFault'>;
  readonly #wallClock: () => number;
  #order = 0;

  /**
   * @param counts tells the reason of the line at hand
   * @param wallClock milliseconds since 1970
   */
  constructor(counts: Pick<Counts, 'lastFault'>, wallClock: () => number) {
    this.#counts = counts;
    this.#wallClock = wallClock;
  }

  /** Notes bytes[start, end). `nowMs` is of a clock that never goes back. */
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

  /** Those that are kept, the newest first. */
  list(): BadLine[] {
    const all = [...this.#byReason.values()].flatMap(({ lines }) => lines);
    return all.sort((a, b) => b.order - a.order).map(({ line }) => line);
  }

  /** How many there were of each reason, kept or not. */
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
