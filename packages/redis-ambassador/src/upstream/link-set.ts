import { CodedError } from '@pod-patterns/kit';
import { Backoff } from '../policy/backoff.ts';
import type { Protocol } from '../resp/value.ts';
import type { Link } from './link.ts';
import type { LinkLoss } from './reply-target.ts';

/** Failure of a set to serve. */
export interface SetFailure {
  /** Complete text of the error for a client. */
  readonly text: string;
  /** Whether another attempt is pointless. */
  readonly isFinal: boolean;
}

/** Dependencies of a set of links; the callbacks report changes to its owner. */
export interface LinkSetOptions {
  readonly protocol: Protocol;
  readonly db: number;
  readonly size: number;
  /** Time clients wait for a first link, or for a lost one to return, before they get errors. */
  readonly holdMs: number;
  readonly now: () => number;
  readonly random: () => number;
  /** Opens a link; `onNotYet` is called with the server's reply while it has no data. */
  readonly open: (signal: AbortSignal, onNotYet: (text: string) => void) => Promise<Link>;
  readonly onUp: (link: Link) => void;
  readonly onDown: (link: Link, loss: LinkLoss) => SetFailure;
  readonly onFailure: (error: CodedError) => SetFailure;
}

/** Retry interval after a refusal by the server, which may be lifted later. */
const refusedPauseMs = 1000;

/** Links to one server with the same protocol and database, kept open and shared by many clients. */
export class LinkSet {
  /** Changes when a link comes up, so that clients spread over all links again. */
  epoch = 0;
  /** Number of clients that use it. */
  users = 0;
  /** Time the last user left; 0 while there is one. */
  unusedSince = 0;
  readonly protocol: Protocol;
  readonly db: number;
  readonly #options: LinkSetOptions;
  readonly #up: Link[] = [];
  /** Waiters with their deadlines. */
  readonly #waiting = new Map<() => void, number>();
  readonly #stop = new AbortController();
  #downSince: number;
  #failure: SetFailure;
  #next = 0;
  readonly #pauses = new Set<() => void>();
  readonly ended: Promise<unknown>;

  constructor(options: LinkSetOptions) {
    this.protocol = options.protocol;
    this.db = options.db;
    this.#options = options;
    this.#downSince = options.now();
    this.unusedSince = this.#downSince;
    this.#failure = options.onFailure(new CodedError('not-yet', 'not connected yet'));
    this.ended = Promise.all(Array.from({ length: options.size }, () => this.#keepOpen()));
  }

  get links(): readonly Link[] {
    return this.#up;
  }

  get isUp(): boolean {
    return this.#up.length > 0;
  }

  /** Whether the server refused it. */
  get isRefused(): boolean {
    return !this.isUp && this.#failure.isFinal;
  }

  /** Picks one of the live links, in turn. */
  pick(): Link | undefined {
    return this.#up[this.#next++ % this.#up.length];
  }

  /** Error for clients; undefined while the set is up or may still come up in time. */
  get failure(): SetFailure | undefined {
    if (this.isUp) return undefined;
    const isHolding = this.#options.now() - this.#downSince < this.#options.holdMs;
    return this.#failure.isFinal || !isHolding ? this.#failure : undefined;
  }

  /** Latest fault, even if the set may still come up in time. */
  get latestFailure(): SetFailure {
    return this.#failure;
  }

  /** Calls back once, when the set is up or has failed, or soon after that time. */
  wait(resume: () => void, until: number): void {
    this.#waiting.set(resume, until);
  }

  /** Wakes waiters whose time is over. Call it periodically. */
  check(): void {
    if (this.#waiting.size === 0) return;
    const isOver = this.isUp || this.failure !== undefined;
    this.#resumeWaiting(isOver ? Number.POSITIVE_INFINITY : this.#options.now());
  }

  /** Wakes all waiters. */
  wake(): void {
    this.#resumeWaiting();
  }

  /** Skips the waits before next attempts. */
  retryNow(): void {
    for (const end of this.#pauses) end();
  }

  close(loss: LinkLoss): void {
    this.#stop.abort();
    this.retryNow();
    for (const link of [...this.#up]) link.lose(loss);
    // they will pick another link; deferred, because a caller may be using this one
    setImmediate(() => this.#resumeWaiting());
  }

  async #keepOpen(): Promise<void> {
    const { random } = this.#options;
    const backoff = new Backoff({ firstMs: 50, maxMs: 400, random });
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        const link = await this.#options.open(signal, (text) =>
          this.#failed(new CodedError('loading', text)),
        );
        backoff.reset();
        await this.#serve(link);
      } catch (error) {
        if (signal.aborted) return;
        // `open` throws nothing else
        this.#failed(error as CodedError);
        if (this.#failure.isFinal) await this.#pause(refusedPauseMs);
      }
      await this.#pause(backoff.nextMs());
    }
  }

  #failed(cause: CodedError): void {
    this.#failure = this.#options.onFailure(cause);
    this.check();
  }

  /** Resolves when the link is lost. */
  async #serve(link: Link): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (link.isLost) throw new CodedError('link-lost', link.farewell ?? 'upstream closed the connection');
    link.onLost = (loss) => {
      this.#up.splice(this.#up.indexOf(link), 1);
      if (!this.isUp) this.#downSince = this.#options.now();
      this.#failure = this.#options.onDown(link, loss);
      resolve();
    };
    this.#up.push(link);
    this.epoch++;
    this.#options.onUp(link);
    this.#resumeWaiting();
    await promise;
  }

  /** Wakes waiters whose time is over. */
  #resumeWaiting(until = Number.POSITIVE_INFINITY): void {
    const due = [...this.#waiting].filter(([, last]) => last <= until);
    for (const [resume] of due) this.#waiting.delete(resume);
    for (const [resume] of due) resume();
  }

  #pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const end = () => {
      clearTimeout(timer);
      this.#pauses.delete(end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    this.#pauses.add(end);
    return promise;
  }
}
