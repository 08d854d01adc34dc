import type { Range } from '../../pattern/pattern.ts';

/** What must not leave the pod. */
export interface Secret extends Range {
  /** Nobody knows whether it is secret: the search was given up, and this is all that follows. */
  readonly isRest?: true;
}

/** Finds secrets from left to right, none of which overlap; gives up soon after it is late. */
export type Finder = (text: string, isLate: () => boolean) => Iterable<Secret>;

/** The text with `***` for each secret; `onRest` is called if the search was given up. */
export function hide(text: string, secrets: Iterable<Secret>, onRest: () => void): string {
  let shown = '';
  let at = 0;
  for (const { start, end, isRest } of secrets) {
    shown += `${text.slice(at, start)}***`;
    at = end;
    if (isRest) onRest();
  }
  return at === 0 ? text : shown + text.slice(at);
}
