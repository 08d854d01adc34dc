import { type BigIntStats, statSync } from 'node:fs';

/** Creation and last write of a file, in microseconds since 1970. The system's clock for them ticks in milliseconds. */
export interface FileTimes {
  readonly modifiedUs: number;
  /** 0 on a file system that does not keep it. */
  readonly bornUs: number;
}

/** The system's facts about a file. */
export interface FileFacts extends FileTimes {
  /** Device, inode and birth time identify a file under any name. An inode alone is reused for another file. */
  readonly inode: string;
  readonly size: number;
  /** False once its last name was removed. */
  readonly isLinked: boolean;
}

export function factsOf(stats: BigIntStats): FileFacts {
  const bornUs = tellsBirth ? Number(stats.birthtimeNs / 1000n) : 0;
  return {
    // inodes can be above 2^53
    inode: inodeOf(`${stats.dev}:${stats.ino}`, bornUs),
    size: Number(stats.size),
    modifiedUs: Number(stats.mtimeNs / 1000n),
    bornUs,
    isLinked: stats.nlink > 0n,
  };
}

export function inodeOf(device: string, bornUs: number): string {
  return `${device}:${bornUs}`;
}

/** False if Node reports the last change for a missing birth time, as a file of /proc shows. */
const tellsBirth = !(statSync('/proc/self', { throwIfNoEntry: false })?.birthtimeMs ?? 0);
