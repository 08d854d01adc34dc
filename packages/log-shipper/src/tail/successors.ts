import { basename, dirname, extname } from 'node:path';
import type { FileFacts } from './file-facts.ts';

/** A file beside a log file. */
export interface Sibling {
  readonly path: string;
  readonly facts: FileFacts;
}

/**
 * Which files hold generations of `file` that came after the one last modified at `sinceNs` and have been
 * rotated away before anybody saw them: named as rotation names things, and written later. The oldest first.
 */
export function missedGenerations(file: string, sinceNs: bigint, siblings: readonly Sibling[]): Sibling[] {
  return siblings
    .filter(({ path, facts }) => facts.modifiedNs > sinceNs && facts.size > 0 && isRotatedName(file, path))
    .sort((a, b) => Number(a.facts.modifiedNs - b.facts.modifiedNs));
}

/** What rotation puts into a name: a number, a date, or a word for it. */
const rotationMark = /^[.\-_]?(\d[\d.\-_:TZ]*|old|prev|bak)$/;

/** `app.log.1`, `app.log-20250131`, `app.1.log`, `app-2025-01-31.log`, `app.log.old` for `app.log`. */
export function isRotatedName(file: string, path: string): boolean {
  if (dirname(file) !== dirname(path)) return false;
  const name = basename(file);
  const other = basename(path);
  if (other.startsWith(name) && rotationMark.test(other.slice(name.length))) return true;
  const extension = extname(name);
  const stem = name.slice(0, name.length - extension.length);
  return (
    extension !== '' &&
    other.startsWith(stem) &&
    other.endsWith(extension) &&
    other.length > name.length &&
    rotationMark.test(other.slice(stem.length, other.length - extension.length))
  );
}
