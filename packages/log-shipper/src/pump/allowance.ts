/** How fast a file may be read. */
export interface RateLimit {
  readonly perSecond: number;
  readonly unit: 'lines' | 'bytes';
}

/** Burst that is allowed, in seconds: a file is read a few times a second, not for each line. */
const burstSeconds = 0.25;

/** Budget for reading a file. It refills over time; a longer line is paid back later. */
export class Allowance {
  readonly #limit: RateLimit;
  readonly #now: () => number;
  readonly #most: number;
  #left: number;
  #atMs: number;

  /** `now` gives milliseconds of the monotonic clock. */
  constructor(limit: RateLimit, now: () => number) {
    this.#limit = limit;
    this.#now = now;
    this.#most = Math.max(1, limit.perSecond * burstSeconds);
    this.#left = this.#most;
    this.#atMs = now();
  }

  get isSpent(): boolean {
    return this.#left < 1;
  }

  /** Spends a line of this many bytes. */
  take(bytes: number): void {
    this.#left -= this.#limit.unit === 'lines' ? 1 : bytes;
  }

  /** Refills by the elapsed time. */
  refill(): void {
    const nowMs = this.#now();
    this.#left = Math.min(this.#most, this.#left + ((nowMs - this.#atMs) / 1000) * this.#limit.perSecond);
    this.#atMs = nowMs;
  }

  /** Milliseconds until reading is worthwhile. */
  dueInMs(): number {
    this.refill();
    return ((this.#most - this.#left) / this.#limit.perSecond) * 1000;
  }
}
