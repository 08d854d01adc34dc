import { Refusal } from '@pod-patterns/kit';
import type { ByteRange } from '../bytes.ts';
import { putEpoch } from './epoch.ts';
import { putParts } from './parts.ts';
import { type Piece, pieceOf, shorthands, type TimeParts } from './pieces.ts';
import type { Clock } from './zone.ts';

/** Longest text that is read. */
const mostLength = 96;

/** A format of times as in `strptime`, such as `%d/%b/%Y:%H:%M:%S %z`. A space matches any number of spaces. */
export class TimeFormat {
  readonly #pieces: readonly Piece[];

  private constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
  }

  /** Returns a refusal for an unknown directive, or for too few to make a time. */
  static read(format: string): TimeFormat | Refusal {
    const source = format.replace(/%([FTRD])/g, (_, letter: string) => shorthands[letter] ?? '');
    const pieces: Piece[] = [];
    const letters = new Set<string>();
    for (const [token, letter] of source.matchAll(/%(.?)|\s+|[^%\s]+/gs)) {
      const piece = pieceOf(token, letter);
      if (piece === undefined) return new Refusal(`%${letter} is unknown: expected ${known}`);
      if (letter !== undefined) letters.add(letter);
      pieces.push(piece);
    }
    const has = (some: string) => [...some].some((letter) => letters.has(letter));
    const isTime = has('s') || (has('de') && has('mbBh') && has('HkIl'));
    return isTime
      ? new TimeFormat(pieces)
      : new Refusal('expected %s, or at least a month, a day and an hour');
  }

  /** Writes the time as RFC 3339 and returns the index after it; -1 if the text has another form. */
  put(out: Buffer, at: number, { bytes, start, end }: ByteRange, clock: Clock): number {
    if (end - start > mostLength) return -1;
    // JSON may escape a slash
    let text = bytes.toString('utf8', start, end).replaceAll('\\/', '/');
    const parts: TimeParts = {};
    for (const piece of this.#pieces) {
      const length = piece(text, parts);
      if (length === undefined) return -1;
      text = text.slice(length);
    }
    if (text !== '') return -1;
    if (parts.epoch === undefined) return putParts(out, at, parts, clock);
    const epoch = Buffer.from(parts.epoch);
    return putEpoch(out, at, { bytes: epoch, start: 0, end: epoch.length });
  }
}

const known = '%Y %y %m %b %d %e %a %H %I %p %M %S %f %L %z %s %F %T %D %R and %%';
