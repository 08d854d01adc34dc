import { RequestScanner } from '../resp/request-scanner.ts';
import type { Chunk } from './outbox.ts';
import type { ReplyTarget, Run as TargetRun } from './reply-target.ts';

/** Requests to send in one piece: the bytes from `start` to `end`. */
export interface RequestSlice {
  bytes: Buffer;
  start: number;
  end: number;
  requests: number;
  /** Number of trailing requests that change nothing and can be retried. */
  readsAtEnd: number;
  isMuted: boolean;
  /** Deadline of their replies, in milliseconds of the monotonic clock. */
  deadline: number;
}

/** Requests that were sent in one piece; their replies will also come in order. */
export class Run implements TargetRun {
  target: ReplyTarget | undefined;
  unanswered = 0;
  answered = 0;
  /** Time it was sent, in milliseconds of the monotonic clock. */
  sentAt = 0;
  /** Deadline of its replies, by the same clock; Infinity for a command that may block forever. */
  deadline = 0;
  /** Number of its trailing requests that change nothing and can be retried. */
  readsAtEnd = 0;
  isMuted = false;
  chunk: Chunk | undefined;
  start = 0;
  end = 0;

  /** Position found by the latest `requestAt`. */
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

  /** Reinitializes the run for reuse. */
  begin(unanswered: number): void {
    this.unanswered = unanswered;
    this.answered = 0;
    this.#soughtIndex = 0;
    this.#soughtAt = -1;
  }

  /** Whether all its pending requests can be retried. */
  get isRepeatable(): boolean {
    return this.unanswered <= this.readsAtEnd && !this.isMuted;
  }
}

/**
 * The pending requests of one link, in the order they were sent. It ends with
 * its link, so a reply can never be matched with a request of another link.
 */
export class InFlight {
  /** Number of pending requests. */
  count = 0;
  #ring: Run[] = Array.from({ length: 64 }, () => new Run());
  #head = 0;
  #length = 0;

  /** The oldest run. */
  get head(): Run | undefined {
    return this.#length === 0 ? undefined : this.#ring[this.#head];
  }

  /** Appends a run, to be filled in by the caller. */
  add(unanswered: number): Run {
    if (this.#length === this.#ring.length) this.#grow();
    const run = this.#ring[(this.#head + this.#length) & (this.#ring.length - 1)] as Run; // the ring is full of runs
    this.#length++;
    this.count += unanswered;
    run.begin(unanswered);
    return run;
  }

  /** Removes the oldest run. A later `add` reuses it. */
  removeHead(): void {
    const run = this.head;
    if (run === undefined) return;
    this.count -= run.unanswered;
    run.target = undefined;
    run.chunk = undefined;
    this.#head = (this.#head + 1) & (this.#ring.length - 1);
    this.#length--;
  }

  /** Yields the target's runs, oldest first. */
  *runsOf(target: ReplyTarget): Generator<Run> {
    for (let at = 0; at < this.#length; at++) {
      const run = this.#ring[(this.#head + at) & (this.#ring.length - 1)];
      if (run?.target === target) yield run;
    }
  }

  /** Lists the target's latest runs that together have this many pending requests, oldest first. */
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

  /** Tells whether all pending requests of this target can be retried. */
  canRepeat(target: ReplyTarget): boolean {
    return this.runsOf(target).every(({ isRepeatable }) => isRepeatable);
  }

  #grow(): void {
    const inOrder = [...this.#ring.slice(this.#head), ...this.#ring.slice(0, this.#head)];
    this.#ring = [...inOrder, ...Array.from({ length: inOrder.length }, () => new Run())];
    this.#head = 0;
  }
}
