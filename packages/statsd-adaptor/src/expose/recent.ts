import type { BadLine, BadLines } from '../bad-lines.ts';
import { meanings } from '../faults.ts';

/** The answer of `/debug/recent`. */
export interface Recent {
  /** Number of faulty lines since the start, by their last reason. */
  readonly counts: Readonly<Record<string, number>>;
  /** The last lines of each reason, newest first. */
  readonly lines: ReadonlyArray<BadLine & { readonly meaning: string }>;
}

export function recentOf(badLines: BadLines): Recent {
  return {
    counts: Object.fromEntries(badLines.counts()),
    lines: badLines.list().map((line) => ({ ...line, meaning: meanings[line.reason] })),
  };
}
