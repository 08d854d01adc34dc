import { type Chunk, type Line, offsetOf } from './line.ts';

const newline = 0x0a;

/** Progress in a chunk. */
export interface FrameState {
  /** Index of the next byte to frame. */
  at: number;
  /** Number of parts taken from the line at `at`; 0 at the start of a line. */
  parts: number;
}

export interface FrameLimits {
  /** A longer line is split into parts of at most this many bytes. */
  readonly maxLine: number;
  /** Take the rest without a newline as a line: its end is not expected for now. */
  readonly takesPartial: boolean;
}

/**
 * Finds the next line of the chunk and moves `state` past it; false without a complete line.
 * A newline after a line whose bytes were all taken in parts makes no line of its own.
 */
export function nextLine(chunk: Chunk, state: FrameState, limits: FrameLimits, line: Line): boolean {
  const found = findNewline(chunk, state.at);
  if (found === state.at && state.parts > 0) {
    state.at = found + 1;
    state.parts = 0;
    return nextLine(chunk, state, limits, line);
  }
  const end = found < 0 ? chunk.end : found;
  if (end - state.at > limits.maxLine) return takePart(chunk, state, limits, line);
  if (found < 0 && !(limits.takesPartial && end > state.at)) return false;

  setRange(line, chunk, state.at, end);
  line.part = state.parts === 0 ? 0 : state.parts + 1;
  line.isLast = true;
  state.at = found < 0 ? end : found + 1;
  // later bytes without a newline before them belong to this line
  state.parts = found < 0 ? state.parts + 1 : 0;
  return true;
}

function takePart(chunk: Chunk, state: FrameState, limits: FrameLimits, line: Line): true {
  setRange(line, chunk, state.at, characterStart(chunk.bytes, state.at + limits.maxLine, state.at));
  state.parts++;
  line.part = state.parts;
  line.isLast = false;
  state.at = line.end;
  return true;
}

function setRange(line: Line, chunk: Chunk, start: number, end: number): void {
  line.bytes = chunk.bytes;
  line.start = start;
  line.end = end;
  line.offset = offsetOf(chunk, start);
}

/** The index of the next newline of the chunk, or -1. */
export function findNewline(chunk: Chunk, from: number): number {
  if (from >= chunk.end) return -1;
  const found = chunk.bytes.indexOf(newline, from);
  // beyond `end` the buffer holds bytes of an earlier read
  return found < chunk.end ? found : -1;
}

/** The last index ≤ `index` (and > `floor`) that is not within a UTF-8 character. */
function characterStart(bytes: Buffer, index: number, floor: number): number {
  for (let at = index; at > Math.max(floor, index - 4); at--) {
    if (((bytes[at] ?? 0) & 0xc0) !== 0x80) return at;
  }
  return index;
}
