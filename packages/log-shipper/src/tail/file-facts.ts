import type { BigIntStats } from 'node:fs';

/** What the system says of a file. */
export interface FileFacts {
  /** Device and inode: which file it is, whatever its name. */
  readonly inode: string;
  readonly size: number;
  /** Time of the last write in nanoseconds since 1970; files that follow one another differ by less than 1 ms. */
  readonly modifiedNs: bigint;
  /** False once its last name was removed. */
  readonly isLinked: boolean;
}

export function factsOf(stats: BigIntStats): FileFacts {
  return {
    // inodes can be above 2^53
    inode: `${stats.dev}:${stats.ino}`,
    size: Number(stats.size),
    modifiedNs: stats.mtimeNs,
    isLinked: stats.nlink > 0n,
  };
}
