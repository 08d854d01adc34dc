import type { BigIntStats } from 'node:fs';

/** When a file was made and written to last, in microseconds since 1970. The system's clock for this ticks in milliseconds. */
export interface FileTimes {
  readonly modifiedUs: number;
  /** 0 on a file system that does not keep it. */
  readonly bornUs: number;
}

/** What the system says of a file. */
export interface FileFacts extends FileTimes {
  /** Device and inode: which file it is, whatever its name. */
  readonly inode: string;
  readonly size: number;
  /** False once its last name was removed. */
  readonly isLinked: boolean;
}

export function factsOf(stats: BigIntStats): FileFacts {
  return {
    // inodes can be above 2^53
    inode: `${stats.dev}:${stats.ino}`,
    size: Number(stats.size),
    modifiedUs: Number(stats.mtimeNs / 1000n),
    bornUs: Number(stats.birthtimeNs / 1000n),
    isLinked: stats.nlink > 0n,
  };
}
