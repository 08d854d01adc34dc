import type { Chunk, Line } from './line.ts';
import type { EventFollower } from './multiline.ts';
import { type FrameLimits, type FrameState, findNewline, nextLine } from './next-line.ts';

export interface EventLimits extends FrameLimits {
  /** Take an event as it is: no further line of it is expected for now. */
  readonly takesOpenEvent: boolean;
}

/** An event ends after this many lines: a pattern that matches everything must not swallow the file. */
const mostLines = 1000;
/** How many lines are read ahead for one that shows that all of them belong to the event. */
const mostUnsure = 50;

/**
 * Finds the next event of the chunk, a line and its continuations, and moves `state` past it. False while the event
 * could still continue. An event has at most `maxLine` bytes; further lines begin another one.
 */
export function nextEvent(
  chunk: Chunk,
  state: FrameState,
  { limits, follower, line }: { limits: EventLimits; follower: EventFollower; line: Line },
): boolean {
  const { at, parts } = state;
  if (!nextLine(chunk, state, limits, line)) return false;
  // a part of a line, or an unfinished line, is an event of its own
  if (line.part > 0 || state.parts > 0) return true;
  if (!follower.begin(line)) return true;
  let next = state.at;
  let unsure = 0;
  for (let count = 1; count < mostLines && unsure <= mostUnsure; count++) {
    const end = findNewline(chunk, next);
    const couldBeLonger = chunk.end - line.start <= limits.maxLine;
    if (end < 0 && couldBeLonger && !limits.takesOpenEvent) {
      state.at = at;
      state.parts = parts;
      return false;
    }
    if (end < 0 || end - line.start > limits.maxLine) return true;
    const verdict = follower.continues(line.bytes.toString('utf8', next, end));
    if (verdict === 'no') return true;
    next = end + 1;
    unsure = verdict === 'yes' ? 0 : unsure + 1;
    if (unsure > 0) continue;
    line.end = end;
    state.at = next;
  }
  return true;
}
