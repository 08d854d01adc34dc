import type { BadLine, BadLines } from '../bad-lines.ts';
import { meanings } from '../faults.ts';

/** What `/debug/recent` answers. */
export interface Recent {
  /** Lines with a fault since the start, by their last reason. */
  readonly counts: Readonly<Record<string, number>>;
  /** The last of each reason, the newest first. */
  readonly lines: ReadonlyArray<BadLine & { readonly meaning: string }>;
}

export function recentOf(badLines: BadLines): Recent {
  return {
    counts: Object.fromEntries(badLines.counts()),
    lines: badLines.list().map((line) => ({ ...line, meaning: meanings[line.reason] })),
  };
}
