import { Refusal } from '@pod-patterns/kit';
import { RE2JS, RE2JSSyntaxException } from 're2js';

/** Place of a match: the index of its first character, and the index after its last. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Bound on one search, in characters times instructions: less than two seconds. A search cannot be interrupted. */
export const mostWork = 50_000_000;

/**
 * A regular expression of RE2: a search takes time in proportion to the text. `\s \w \d \b` are ASCII only, and there is
 * no look-around and no back-reference.
 */
export class Pattern {
  /** Instructions of the compiled expression: the highest cost of one character of a text. */
  readonly size: number;
  /** Names of its groups. */
  readonly names: readonly string[];
  readonly #regex: RE2JS;

  private constructor(regex: RE2JS) {
    this.#regex = regex;
    this.size = regex.programSize();
    this.names = Object.keys(regex.namedGroups());
  }

  /** Reads an expression with flags of `imsu`. Returns a refusal if RE2 does not support it. */
  static read(source: string, flags = ''): Pattern | Refusal {
    // RE2JS would read it as the letter k
    if (source.replaceAll('\\\\', '').includes('\\k<')) return refusal('back-reference');
    let bits = 0;
    if (flags.includes('i')) bits |= RE2JS.CASE_INSENSITIVE;
    if (flags.includes('m')) bits |= RE2JS.MULTILINE;
    if (flags.includes('s')) bits |= RE2JS.DOTALL;
    try {
      // accept JavaScript's own forms, such as (?<name>…) and \u00e9
      return new Pattern(RE2JS.compile(RE2JS.translateRegExp(source), bits));
    } catch (error) {
      return refusal(error instanceof RE2JSSyntaxException ? error.error : 'too large');
    }
  }

  test(text: string): boolean {
    return this.#regex.test(text);
  }

  /** Values of its named groups at the first match, without unmatched groups. */
  groups(text: string): Map<string, string> {
    const found = new Map<string, string>();
    const matcher = this.#regex.matcher(text);
    if (!matcher.find()) return found;
    for (const name of this.names) {
      const value = matcher.group(name);
      if (value !== null) found.set(name, value);
    }
    return found;
  }

  /** Matches from left to right, without empty ones. Each may search all the rest of the text. */
  *matches(text: string): Generator<Range> {
    const matcher = this.#regex.matcher(text);
    while (matcher.find()) {
      const range = { start: matcher.start(), end: matcher.end() };
      if (range.end > range.start) yield range;
    }
  }
}

function refusal(reason: string): Refusal {
  return new Refusal(`not a regular expression: ${reason} (RE2 has no look-around and no back-references)`);
}

/** Reads `/expression/` with its flags; undefined if it is not of that form. */
export function readSlashed(text: string): Pattern | Refusal | undefined {
  const [, source, flags] = /^\/(.+)\/([imsu]*)$/s.exec(text) ?? [];
  return source === undefined ? undefined : Pattern.read(source, flags);
}
