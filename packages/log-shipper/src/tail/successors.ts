import { extname } from 'node:path';
import type { FileFacts, FileTimes } from './file-facts.ts';

/** A file beside a log file. */
export interface Sibling {
  readonly path: string;
  readonly facts: FileFacts;
  /** It had other content before, and may be being written. */
  readonly isRewritten?: true;
}

/**
 * Files with generations of `file` that came after the one with these times and were rotated away unseen: younger files
 * with the name of a rotated file. Oldest first.
 */
export function missedGenerations(file: string, times: FileTimes, siblings: readonly Sibling[]): Sibling[] {
  return siblings
    .filter(
      ({ path, facts, isRewritten }) =>
        (facts.size > 0 || isRewritten) && isRotatedName(file, path) && isYounger(facts, times),
    )
    .sort((a, b) => a.facts.modifiedUs - b.facts.modifiedUs || a.facts.bornUs - b.facts.bornUs);
}

/** The last writes of two generations can have the same time, within one tick of the system's clock. */
function isYounger(one: FileTimes, other: FileTimes): boolean {
  if (one.bornUs === 0 || other.bornUs === 0) return one.modifiedUs > other.modifiedUs;
  if (one.modifiedUs === other.modifiedUs) return one.bornUs > other.bornUs;
  return one.modifiedUs > other.modifiedUs && one.bornUs >= other.bornUs;
}

/** The known names of which `path` can be a rotated name. */
export function originalNames(path: string, isKnown: (file: string) => boolean): string[] {
  const folder = path.lastIndexOf('/') + 1;
  const extension = extname(path);
  const found = new Set<string>();
  for (let cut = folder + 1; cut < path.length; cut++) {
    const start = path.slice(0, cut);
    for (const file of [start, start + extension]) {
      if (isKnown(file) && isRotatedName(file, path)) found.add(file);
    }
  }
  return [...found];
}

/** Parts that rotation adds to a name: a number, a date, or a word. */
const rotationMark = /^[.\-_]?(\d[\d.\-_:TZ]*|old|prev|bak)$/;

/** `app.log.1`, `app.log-20250131`, `app.1.log`, `app-2025-01-31.log`, `app.log.old` for `app.log`. */
export function isRotatedName(file: string, path: string): boolean {
  const extension = extname(file);
  const stem = file.slice(0, file.length - extension.length);
  if (path.length <= file.length || !path.startsWith(stem)) return false;
  const isSuffixed = path.startsWith(file) && rotationMark.test(path.slice(file.length));
  const isInfixed =
    extension !== '' &&
    path.endsWith(extension) &&
    rotationMark.test(path.slice(stem.length, path.length - extension.length));
  return isSuffixed || isInfixed;
}
