import type { Offsets } from './offsets.ts';

/** Bytes of a file as they were read, or as UTF-8 if they were not: `bytes[0]` is the byte at `base` of the file. */
export interface Chunk {
  readonly bytes: Buffer;
  /** Index behind the last byte that was read. */
  readonly end: number;
  /** Offset in the file of index 0. */
  readonly base: number;
  /** Where the others stand in the file, if the chunk was decoded. */
  readonly offsets?: Offsets;
}

/** The offset in the file of the byte at this index. */
export function offsetOf({ base, offsets }: Chunk, index: number): number {
  return offsets === undefined ? base + index : offsets.offsetOf(index);
}

/** The index of the byte at this offset of the file. */
export function indexOf({ base, offsets }: Chunk, offset: number): number {
  return offsets === undefined ? offset - base : offsets.indexOf(offset);
}

/**
 * One line, or one part of a line that is longer than `--max-line`: a range of bytes without its newline.
 * The same object is filled again and again: callers must not keep it.
 */
export interface Line {
  /** Those of the chunk, unless the line was altered on its way. */
  bytes: Buffer;
  start: number;
  end: number;
  /** Where it starts in the file. */
  offset: number;
  /** 0 for a whole line; parts of a longer one count from 1. */
  part: number;
  /** False for a part that another one follows. */
  isLast: boolean;
}

export function emptyLine(): Line {
  return { bytes: Buffer.alloc(0), start: 0, end: 0, offset: 0, part: 0, isLast: true };
}
