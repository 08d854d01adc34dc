import type { Offsets } from './offsets.ts';

/** Bytes of a file as they were read, or decoded to UTF-8. `bytes[0]` is the byte at offset `base` of the file. */
export interface Chunk {
  readonly bytes: Buffer;
  /** Index after the last byte that was read. */
  readonly end: number;
  /** File offset of index 0. */
  readonly base: number;
  /** File offsets of the other indexes, if the chunk was decoded. */
  readonly offsets?: Offsets;
}

/** The file offset of the byte at this index. */
export function offsetOf({ base, offsets }: Chunk, index: number): number {
  return offsets === undefined ? base + index : offsets.offsetOf(index);
}

/** The index of the byte at this file offset. */
export function indexOf({ base, offsets }: Chunk, offset: number): number {
  return offsets === undefined ? offset - base : offsets.indexOf(offset);
}

/**
 * One line, or one part of a line longer than `--max-line`: a range of bytes without its newline.
 * The same object is reused for each line: callers must not keep it.
 */
export interface Line {
  /** The bytes of the chunk, unless the line was edited. */
  bytes: Buffer;
  start: number;
  end: number;
  /** File offset of its start. */
  offset: number;
  /** 0 for a whole line; parts of a longer line count from 1. */
  part: number;
  /** False for every part but the last. */
  isLast: boolean;
}

export function emptyLine(): Line {
  return { bytes: Buffer.alloc(0), start: 0, end: 0, offset: 0, part: 0, isLast: true };
}
