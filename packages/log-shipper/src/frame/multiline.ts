import type { Refusal } from '@pod-patterns/kit';
import { Pattern, readSlashed } from '../pattern/pattern.ts';
import type { Line } from './line.ts';
import type { Multiline, State, Step } from './step.ts';
import { multilines } from './traces.ts';

/** Reads a name, or `/expression/` for the first line of an event; undefined if it is neither. */
export function readMultiline(text: string): Multiline | Refusal | undefined {
  const named = Object.entries(multilines).find(([name]) => name === text);
  if (named !== undefined) return named[1];
  const starts = readSlashed(text);
  return starts instanceof Pattern ? { starts } : starts;
}

export type Verdict = 'yes' | 'no' | 'if others follow';

/** Decides which lines belong to one event. */
export class EventFollower {
  readonly #multiline: Multiline;
  readonly #steps: readonly Step[];
  readonly #looksAtFirst: boolean;
  #state: State = 'event';

  constructor(multiline: Multiline) {
    this.#multiline = multiline;
    this.#steps = 'steps' in multiline ? multiline.steps : [];
    this.#looksAtFirst = this.#steps.some(({ from }) => from === 'first');
  }

  /** Begins an event with this line; false if the line is the whole event. */
  begin({ bytes, start, end }: Line): boolean {
    this.#state = 'first';
    if (!this.#looksAtFirst || this.#step(bytes.toString('utf8', start, end)) === undefined) {
      this.#state = 'event';
    }
    // JSON lines hold their own stack traces: no need to wait for one
    const isObject = bytes[start] === 0x7b && bytes[end - 1] === 0x7d;
    return 'starts' in this.#multiline || !isObject;
  }

  /** Whether the next line belongs to the event. */
  continues(text: string): Verdict {
    if ('starts' in this.#multiline) return this.#multiline.starts.test(text) ? 'no' : 'yes';
    const step = this.#step(text);
    if (step === undefined) return 'no';
    return step.ifOthersFollow ? 'if others follow' : 'yes';
  }

  #step(text: string): Step | undefined {
    const step = this.#steps.find(({ from, line }) => from === this.#state && line.test(text));
    if (step !== undefined) this.#state = step.to;
    return step;
  }
}
