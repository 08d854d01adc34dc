import type { Finder } from './secret.ts';

/** Finds the matches of a linear expression with the flag `g`; text of its group `keep` stays. */
export function byRegex(regex: RegExp): Finder {
  return function* (text) {
    for (const { 0: found, index, groups } of text.matchAll(regex)) {
      yield { start: index + (groups?.['keep'] ?? '').length, end: index + found.length };
    }
  };
}
