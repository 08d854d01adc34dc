/** Counts per second over the last ten seconds, without a clock of its own. */
export class Rate {
  readonly #now: () => number;
  readonly #samples: Array<{ readonly atMs: number; total: number }> = [];
  total = 0;

  /** `now` gives milliseconds of the monotonic clock. */
  constructor(now: () => number) {
    this.#now = now;
    this.#samples.push({ atMs: now(), total: 0 });
  }

  add(count: number): void {
    this.total += count;
    const atMs = this.#now();
    this.#forget(atMs);
    const last = this.#samples.at(-1);
    if (last !== undefined && atMs - last.atMs < resolutionMs) return;
    this.#samples.push({ atMs, total: this.total });
  }

  perSecond(): number {
    const atMs = this.#now();
    this.#forget(atMs);
    const first = this.#samples[0];
    if (first === undefined) return 0;
    const seconds = Math.max(1, (atMs - first.atMs) / 1000);
    return (this.total - first.total) / seconds;
  }

  /** Keeps one sample from before the window, to count from it. */
  #forget(atMs: number): void {
    while (this.#samples.length > 1 && (this.#samples[1]?.atMs ?? atMs) < atMs - windowMs)
      this.#samples.shift();
  }
}

const windowMs = 10_000;
const resolutionMs = 250;
