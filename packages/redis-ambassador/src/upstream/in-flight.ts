import { RequestScanner } from '../resp/request-scanner.ts';
import type { Chunk } from './outbox.ts';
import type { ReplyTarget, Run as TargetRun } from './reply-target.ts';

/** Requests to be sent in one piece: the bytes from `start` to `end`. */
export interface RequestSlice {
  bytes: Buffer;
  start: number;
  end: number;
  requests: number;
  /** How many of them, the last ones, change nothing and can be sent again. */
  readsAtEnd: number;
  isMuted: boolean;
  /** When their replies must be there, in milliseconds of the clock that never goes back. */
  deadline: number;
}

/** Requests that were sent in one piece; their replies will come in one piece as well. */
export class Run implements TargetRun {
  target: ReplyTarget | undefined;
  unanswered = 0;
  answered = 0;
  /** When it was sent, in milliseconds of the monotonic clock. */
  sentAt = 0;
  /** When its replies must be there, by the same clock; Infinity for a command that may block without end. */
  deadline = 0;
  /** How many of its requests, the last ones, change nothing and can be sent again. */
  readsAtEnd = 0;
  isMuted = false;
  chunk: Chunk | undefined;
  start = 0;
  end = 0;

  /** Where the request is that was asked for last. */
  #soughtIndex = 0;
  #soughtAt = 0;

  requestAt(index: number): Buffer {
    const { chunk } = this;
    if (chunk === undefined) return Buffer.alloc(0);
    const isBehind = this.#soughtAt >= this.start && this.#soughtAt < this.end && this.#soughtIndex <= index;
    let [at, passed] = isBehind ? [this.#soughtAt, this.#soughtIndex] : [this.start, 0];
    const scanner = new RequestScanner();
    for (; passed < index; passed++) at = scanner.next(chunk.bytes, at, this.end);
    this.#soughtIndex = index;
    this.#soughtAt = at;
    return Buffer.from(chunk.bytes.subarray(at, scanner.next(chunk.bytes, at, this.end)));
  }

  /** It is another run from now on. */
  begin(unanswered: number): void {
    this.unanswered = unanswered;
    this.answered = 0;
    this.#soughtIndex = 0;
    this.#soughtAt = -1;
  }

  /** Whether all of it that has no reply can be sent again. */
  get isRepeatable(): boolean {
    return this.unanswered <= this.readsAtEnd && !this.isMuted;
  }
}

/**
 * The requests of one link that wait for their replies, in the order in which they were sent. It dies with
 * its link, so a reply can never be matched with a request of another link.
 */
export class InFlight {
  /** Requests without a reply. */
  count = 0;
  #ring: Run[] = Array.from({ length: 64 }, () => new Run());
  #head = 0;
  #length = 0;

  /** The oldest run. */
  get head(): Run | undefined {
    return this.#length === 0 ? undefined : this.#ring[this.#head];
  }

  /** A run at the end of the queue, to be filled in by the caller. */
  add(unanswered: number): Run {
    if (this.#length === this.#ring.length) this.#grow();
    const run = this.#ring[(this.#head + this.#length) & (this.#ring.length - 1)] as Run; // the ring is full of runs
    this.#length++;
    this.count += unanswered;
    run.begin(unanswered);
    return run;
  }

  /** Takes the oldest run off. It is used again by a later `add`. */
  removeHead(): void {
    const run = this.head;
    if (run === undefined) return;
    this.count -= run.unanswered;
    run.target = undefined;
    run.chunk = undefined;
    this.#head = (this.#head + 1) & (this.#ring.length - 1);
    this.#length--;
  }

  /** The target's runs, the oldest first. */
  *runsOf(target: ReplyTarget): Generator<Run> {
    for (let at = 0; at < this.#length; at++) {
      const run = this.#ring[(this.#head + at) & (this.#ring.length - 1)];
      if (run?.target === target) yield run;
    }
  }

  /** The target's latest runs, the oldest first, back to where they have so many requests without a reply. */
  latestOf(target: ReplyTarget, requests: number): Run[] {
    const runs: Run[] = [];
    let left = requests;
    for (let at = this.#length - 1; at >= 0 && left > 0; at--) {
      const run = this.#ring[(this.#head + at) & (this.#ring.length - 1)];
      if (run?.target !== target) continue;
      runs.push(run);
      left -= run.unanswered;
    }
    return runs.reverse();
  }

  /** Whether all that this target waits for can be asked again. */
  canRepeat(target: ReplyTarget): boolean {
    return this.runsOf(target).every(({ isRepeatable }) => isRepeatable);
  }

  #grow(): void {
    const inOrder = [...this.#ring.slice(this.#head), ...this.#ring.slice(0, this.#head)];
    this.#ring = [...inOrder, ...Array.from({ length: inOrder.length }, () => new Run())];
    this.#head = 0;
  }
}
