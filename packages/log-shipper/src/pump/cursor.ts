import { type Position, startOfFile } from '../tail/content.ts';
import type { Generation } from '../tail/generation.ts';
import { Allowance } from './allowance.ts';
import type { Way } from './way.ts';

/** Progress of reading a file for one sink, ahead of the acknowledged position. */
export interface Cursor {
  /** Undefined if the sink does not get this file. */
  readonly way: Way | undefined;
  position: Position;
  /** The file was read up to this offset; the bytes after `position` had no newline. */
  seen: number;
  /** Time that an incomplete line waits for more. */
  patienceMs: number;
  /** After a failure, the file is not read before this time. */
  retryAtMs: number;
  /** Budget of a rate-limited file, and the end of its pause. */
  readonly allowance: Allowance | undefined;
  limitedUntilMs: number;
  /** How much is read at once. */
  window: number;
  /** Offset at which the content had changed. */
  doubtedAt: number | undefined;
}

export interface CursorsOptions {
  /** Name of the sink, whose positions are continued. */
  readonly sink: string;
  /** How a file's lines become records; undefined if they do not go to this sink. */
  readonly wayOf: (file: string) => Way | undefined;
  /** Time that an unfinished last line waits for its end, and an event for further lines. */
  readonly partialTimeoutMs: number;
  readonly multilineTimeoutMs: number;
  readonly now: () => number;
}

/** A rate-limited file is read in small pieces: the excess of one is read again later. */
const limitedReadLength = 64 * 1024;

/** The cursors of all files, with their timeouts. */
export class Cursors {
  readonly #options: CursorsOptions;
  readonly #mostBytes: number;
  readonly #cursors = new WeakMap<Generation, Cursor>();

  /** `mostBytes` can be read at once. */
  constructor(options: CursorsOptions, mostBytes: number) {
    this.#options = options;
    this.#mostBytes = mostBytes;
  }

  of(generation: Generation): Cursor {
    const known = this.#cursors.get(generation);
    if (known !== undefined) return known;
    const { sink, wayOf, now } = this.#options;
    const way = wayOf(generation.file);
    const { previous } = generation;
    // generations of a name share its limit
    const before = previous && this.of(previous).allowance;
    const allowance = way?.rateLimit && (before ?? new Allowance(way.rateLimit, now));
    const cursor = {
      ...{ way, allowance, seen: 0, retryAtMs: 0, limitedUntilMs: 0, doubtedAt: undefined },
      position: generation.positions.get(sink) ?? startOfFile,
      patienceMs: this.eventPatienceMs(way),
      window: allowance === undefined ? this.#mostBytes : limitedReadLength,
    };
    this.#cursors.set(generation, cursor);
    return cursor;
  }

  /** How long an event waits for more lines. */
  eventPatienceMs(way: Way | undefined): number {
    const { partialTimeoutMs, multilineTimeoutMs } = this.#options;
    return way?.follower === undefined ? partialTimeoutMs : multilineTimeoutMs;
  }

  /** How long a line waits for its end. */
  linePatienceMs(way: Way | undefined): number {
    return Math.max(this.#options.partialTimeoutMs, this.eventPatienceMs(way));
  }

  /** Read sizes grow while a read does not contain a whole line. */
  widen(cursor: Cursor, isFurther: boolean): void {
    if (cursor.allowance === undefined) return;
    cursor.window = isFurther ? limitedReadLength : Math.min(cursor.window * 2, this.#mostBytes);
  }
}
