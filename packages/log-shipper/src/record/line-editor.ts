import type { Chunk, Line } from '../frame/line.ts';
import type { Pattern } from '../pattern/pattern.ts';
import { hide } from './redact/secret.ts';
import type { Redaction } from './redaction.ts';

/** Tests whether a line matches. */
export type LineTest = Pick<Pattern, 'test'>;

/** Filters and edits lines before they become records. */
export interface LineEditor {
  /** Bytes searched as text so far, which takes much longer than passing them on. */
  readonly bytesRead: number;
  /** Begins a chunk: the following lines are from it, from index `from` on. */
  begin(chunk: Chunk, from: number): void;
  /** Edits the line. False if it is not to be shipped. */
  edit(line: Line): boolean;
}

export interface EditorOptions {
  /** If there are any, one of them must match. */
  readonly include: readonly LineTest[];
  /** None of them may match. */
  readonly exclude: readonly LineTest[];
  readonly redactions: readonly Redaction[];
  readonly onFiltered: () => void;
  /** Called with the name of a redaction, or with `too-slow` if a search was stopped and the rest of the line is hidden. */
  readonly onRedacted: (name: string) => void;
  /** Milliseconds of a clock that only moves forward. */
  readonly now: () => number;
}

/** How long all redactions together may search one line, without the current search. */
const mostMs = 1000;

/** Bytes to search for in a chunk, and their next occurrence. */
interface Needle {
  readonly bytes: Buffer;
  next: number;
}

/**
 * Drops filtered lines and hides secrets in the others. Filters see the original line. A line is decoded only if needed:
 * most redactions name bytes without which they cannot match.
 */
export class RegexEditor implements LineEditor {
  bytesRead = 0;
  readonly #options: EditorOptions;
  readonly #needles: readonly Needle[];
  readonly #decodesAll: boolean;
  #chunk: Chunk = { bytes: Buffer.alloc(0), end: 0, base: 0 };

  constructor(options: EditorOptions) {
    this.#options = options;
    const { include, exclude, redactions } = options;
    const needles = new Set(redactions.flatMap((redaction) => redaction.needles ?? []));
    this.#needles = [...needles].map((text) => ({ bytes: Buffer.from(text), next: 0 }));
    this.#decodesAll =
      include.length + exclude.length > 0 || redactions.some((redaction) => redaction.needles === undefined);
  }

  begin(chunk: Chunk, from: number): void {
    this.#chunk = chunk;
    for (const needle of this.#needles) needle.next = find(chunk, needle.bytes, from);
  }

  edit(line: Line): boolean {
    const hasNeedle = this.#hasNeedle(line);
    if (!hasNeedle && !this.#decodesAll) return true;
    this.bytesRead += line.end - line.start;
    const text = line.bytes.toString('utf8', line.start, line.end);
    if (!this.#isWanted(text)) {
      this.#options.onFiltered();
      return false;
    }
    const redacted = this.#redact(text);
    if (redacted === text) return true;
    line.bytes = Buffer.from(redacted);
    line.start = 0;
    line.end = line.bytes.length;
    return true;
  }

  #hasNeedle(line: Line): boolean {
    let isFound = false;
    for (const needle of this.#needles) {
      if (needle.next < line.start) needle.next = find(this.#chunk, needle.bytes, line.start);
      if (needle.next < line.end) isFound = true;
    }
    return isFound;
  }

  #isWanted(text: string): boolean {
    const { include, exclude } = this.#options;
    if (include.length > 0 && !include.some((test) => test.test(text))) return false;
    return !exclude.some((test) => test.test(text));
  }

  #redact(text: string): string {
    const { redactions, onRedacted, now } = this.#options;
    const endMs = now() + mostMs;
    const isLate = () => now() > endMs;
    let isGivenUp = false;
    let result = text;
    for (const { name, find } of redactions) {
      const before = result;
      result = hide(before, find(before, isLate), () => {
        isGivenUp = true;
      });
      if (result !== before) onRedacted(name);
    }
    if (isGivenUp) onRedacted('too-slow');
    return result;
  }
}

/** The next occurrence of the bytes in the chunk, or infinity. */
function find({ bytes, end }: Chunk, needle: Buffer, from: number): number {
  const found = bytes.indexOf(needle, from);
  return found < 0 || found >= end ? Number.POSITIVE_INFINITY : found;
}
