import { CodedError } from '@pod-patterns/kit';
import { Backoff } from '../policy/backoff.ts';
import type { Protocol } from '../resp/value.ts';
import type { Link } from './link.ts';
import type { LinkLoss } from './reply-target.ts';

/** Why a set cannot serve now. */
export interface SetFailure {
  /** Complete text of the error for a client. */
  readonly text: string;
  /** Whether trying again would change nothing. */
  readonly isFinal: boolean;
}

/** What a set of links is made of; the callbacks tell its owner what becomes of them. */
export interface LinkSetOptions {
  readonly protocol: Protocol;
  readonly db: number;
  readonly size: number;
  /** How long clients wait for a first link, or for one to come back, before they get errors. */
  readonly holdMs: number;
  readonly now: () => number;
  readonly random: () => number;
  /** Opens a link; `onNotYet` hears what the server says while it has no data. */
  readonly open: (signal: AbortSignal, onNotYet: (text: string) => void) => Promise<Link>;
  readonly onUp: (link: Link) => void;
  readonly onDown: (link: Link, loss: LinkLoss) => SetFailure;
  readonly onFailure: (error: CodedError) => SetFailure;
}

/** What the server has refused may be allowed later, but not soon. */
const refusedPauseMs = 1000;

/** Links to one server with the same protocol and database, kept open and shared by many clients. */
export class LinkSet {
  /** Changes when a link has come up, so that clients spread over all again. */
  epoch = 0;
  /** Clients that use it. */
  users = 0;
  /** When the last user left; 0 while there is one. */
  unusedSince = 0;
  readonly protocol: Protocol;
  readonly db: number;
  readonly #options: LinkSetOptions;
  readonly #up: Link[] = [];
  /** Who waits, and until when. */
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

  /** Whether the server has refused it. */
  get isRefused(): boolean {
    return !this.isUp && this.#failure.isFinal;
  }

  /** One of the links that are up, in turn. */
  pick(): Link | undefined {
    return this.#up[this.#next++ % this.#up.length];
  }

  /** What clients are to be told; undefined while the set is up or may still come up in time. */
  get failure(): SetFailure | undefined {
    if (this.isUp) return undefined;
    const isHolding = this.#options.now() - this.#downSince < this.#options.holdMs;
    return this.#failure.isFinal || !isHolding ? this.#failure : undefined;
  }

  /** What was wrong last, whether or not it may still come up in time. */
  get latestFailure(): SetFailure {
    return this.#failure;
  }

  /** Calls back once, when the set is up or has a failure to tell, or soon after that time. */
  wait(resume: () => void, until: number): void {
    this.#waiting.set(resume, until);
  }

  /** Tells those who wait when they have waited long enough. To be called now and then. */
  check(): void {
    if (this.#waiting.size === 0) return;
    const isOver = this.isUp || this.failure !== undefined;
    this.#resumeWaiting(isOver ? Number.POSITIVE_INFINITY : this.#options.now());
  }

  /** Lets all look again who wait. */
  wake(): void {
    this.#resumeWaiting();
  }

  /** Tries again at once what waits for its next attempt. */
  retryNow(): void {
    for (const end of this.#pauses) end();
  }

  close(loss: LinkLoss): void {
    this.#stop.abort();
    this.retryNow();
    for (const link of [...this.#up]) link.lose(loss);
    // they will look for another one; not while somebody else is at it
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

  /** Lets those go on who wait until then at most. */
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
