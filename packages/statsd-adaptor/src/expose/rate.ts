const everyMs = 1000;
const keptTicks = 6;

/** The growth of a count per second, over the last five seconds. */
export class Rate implements Disposable {
  readonly #count: () => number;
  readonly #now: () => number;
  readonly #timer: NodeJS.Timeout;
  readonly #ticks: Array<{ readonly at: number; readonly count: number }> = [];

  constructor(count: () => number, now: () => number) {
    this.#count = count;
    this.#now = now;
    this.#tick();
    this.#timer = setInterval(() => this.#tick(), everyMs).unref();
  }

  get perSecond(): number {
    const [oldest] = this.#ticks;
    const elapsed = oldest === undefined ? 0 : (this.#now() - oldest.at) / 1000;
    return oldest === undefined || elapsed < 0.1 ? 0 : (this.#count() - oldest.count) / elapsed;
  }

  #tick(): void {
    this.#ticks.push({ at: this.#now(), count: this.#count() });
    if (this.#ticks.length > keptTicks) this.#ticks.shift();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
