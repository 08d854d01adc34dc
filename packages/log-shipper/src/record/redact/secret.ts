import type { Range } from '../../pattern/pattern.ts';

/** Text that must not leave the pod. */
export interface Secret extends Range {
  /** Rest of a line that was not searched because the search was stopped; it may be secret. */
  readonly isRest?: true;
}

/** Finds secrets from left to right, without overlaps. Stops soon after it is late. */
export type Finder = (text: string, isLate: () => boolean) => Iterable<Secret>;

/** Replaces each secret by `***`. Calls `onRest` if the search was stopped. */
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
