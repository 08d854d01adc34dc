import type { Pattern } from '../../pattern/pattern.ts';
import type { Finder } from './secret.ts';

/** How long one expression may look for its matches in one line: very much longer than it needs. */
const mostMs = 1000;
const mostMsPerCharacter = 0.002;

/**
 * Finds what an expression of the user's matches. One search is linear, but each may look at the whole rest of
 * the line: if they take too long, all that follows is taken for secret.
 */
export function byPattern(pattern: Pattern, now: () => number = () => performance.now()): Finder {
  return function* (text) {
    // where it matches is a much slower question than whether
    if (!pattern.test(text)) return;
    const endMs = now() + mostMs + mostMsPerCharacter * text.length;
    for (const match of pattern.matches(text)) {
      yield match;
      if (now() <= endMs) continue;
      if (match.end < text.length) yield { start: match.end, end: text.length, isRest: true };
      return;
    }
  };
}
