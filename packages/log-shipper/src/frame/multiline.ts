import type { Refusal } from '@pod-patterns/kit';
import { Pattern, readSlashed } from '../pattern/pattern.ts';
import type { Line } from './line.ts';

/** Which lines belong to one event: all but those that begin one, or those that a step leads to. */
export type Multiline = { readonly starts: Pattern } | { readonly steps: readonly Step[] };

/** From one state to another by a line that matches. A line for which there is no such step begins a new event. */
export interface Step {
  readonly from: State;
  readonly line: RegExp;
  readonly to: State;
}

/** `event`: after the first line of any event. */
type State = 'event' | 'trace' | 'frames' | 'raised' | 'chained';

/** Also where nothing follows: a message may have empty lines. */
const indented = /^[ \t]/;
const pythonTraceback = /^Traceback \(most recent call last\):/;
/** Bounded, as a loop over a group takes memory for each turn. */
const javaThrowable = /^(?:[a-z][\w$]{0,250}\.){1,50}[\w$]{0,250}(?:Exception|Error|Throwable)\b/;
const goFrame = /^$|^\s|^goroutine \d+ \[|^\[signal |^created by |^exit status |^[\w./*()-][\w./*)-]*\(.*\)$/;

/** Stack traces as these languages write them. */
export const multilines = {
  java: {
    steps: [
      { from: 'event', line: indented, to: 'trace' },
      // the exception that a log line tells of stands on a line of its own
      { from: 'event', line: javaThrowable, to: 'trace' },
      { from: 'trace', line: indented, to: 'trace' },
      { from: 'trace', line: /^Caused by: /, to: 'trace' },
      { from: 'event', line: /^Caused by: /, to: 'trace' },
    ],
  },
  python: {
    steps: [
      { from: 'event', line: pythonTraceback, to: 'frames' },
      // where the event itself begins with the traceback
      { from: 'event', line: /^\s+File "/, to: 'frames' },
      { from: 'frames', line: /^\s/, to: 'frames' },
      { from: 'frames', line: /^\S/, to: 'raised' },
      { from: 'raised', line: /^$/, to: 'chained' },
      { from: 'chained', line: /^$|^During handling of |^The above exception /, to: 'chained' },
      { from: 'chained', line: pythonTraceback, to: 'frames' },
    ],
  },
  node: {
    steps: [
      { from: 'event', line: indented, to: 'trace' },
      { from: 'trace', line: indented, to: 'trace' },
      { from: 'trace', line: /^[}\]]/, to: 'trace' },
    ],
  },
  go: {
    steps: [
      { from: 'event', line: /^goroutine \d+ \[|^\[signal /, to: 'trace' },
      // `panic: …`, then an empty line
      { from: 'event', line: /^$/, to: 'trace' },
      { from: 'trace', line: goFrame, to: 'trace' },
    ],
  },
} as const satisfies Readonly<Record<string, Multiline>>;

/** Reads one of the names, or `/expression/` for the first line of an event; undefined when it is neither. */
export function readMultiline(text: string): Multiline | Refusal | undefined {
  const named = Object.entries(multilines).find(([name]) => name === text);
  if (named !== undefined) return named[1];
  const starts = readSlashed(text);
  return starts instanceof Pattern ? { starts } : starts;
}

/** Follows the lines of one event. */
export class EventFollower {
  readonly #multiline: Multiline;
  #state: State = 'event';

  constructor(multiline: Multiline) {
    this.#multiline = multiline;
  }

  /** An event has begun with this line; false when it is all of it. */
  begin({ bytes, start, end }: Line): boolean {
    this.#state = 'event';
    // what logs in JSON has its stack traces in there: no need to wait for one
    const isObject = bytes[start] === 0x7b && bytes[end - 1] === 0x7d;
    return 'starts' in this.#multiline || !isObject;
  }

  /** Whether the next line belongs to the event as well. */
  continues(text: string): boolean {
    if ('starts' in this.#multiline) return !this.#multiline.starts.test(text);
    const step = this.#multiline.steps.find(({ from, line }) => from === this.#state && line.test(text));
    if (step !== undefined) this.#state = step.to;
    return step !== undefined;
  }
}
