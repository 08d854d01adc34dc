import { mostWork, type Pattern } from '../../pattern/pattern.ts';
import type { Finder } from './secret.ts';

/**
 * Finds the matches of a user's expression. One search is linear, but each may read the whole rest of the line. If that
 * takes too long, all that follows counts as secret.
 */
export function byPattern(pattern: Pattern): Finder {
  return function* (text, isLate) {
    // testing for a match is much faster than locating it
    if (!pattern.test(text)) return;
    let at = 0;
    const matches = pattern.matches(text);
    while (!isLate() && (text.length - at) * pattern.size <= mostWork) {
      const { done, value } = matches.next();
      if (done) return;
      yield value;
      at = value.end;
    }
    // the character before decides whether a word begins here
    if (pattern.test(text.slice(Math.max(0, at - 1)))) yield { start: at, end: text.length, isRest: true };
  };
}
