import type { Series } from './series.ts';

/**
 * Series with a time to live, by the second in which each may expire. A sample only notes its time in the
 * series; when that second comes, a series used meanwhile moves to a later one.
 */
export class ExpiryWheel {
  readonly #slots = new Map<number, Series[]>();
  #swept: number;

  constructor(nowSeconds: number) {
    this.#swept = Math.floor(nowSeconds);
  }

  add(series: Series): void {
    // never into a second that was swept already
    this.#put(series, this.#swept + 1);
  }

  /** Changes the time to live of a series; 0 keeps it for ever. Its entry in the old slot is ignored. */
  change(series: Series, ttlSeconds: number): void {
    series.ttlSeconds = ttlSeconds;
    if (ttlSeconds === 0) series.dueSecond = 0;
    else this.add(series);
  }

  /** Takes out expired series; checks at most `limit`, and the rest in later calls. */
  sweep(
    nowSeconds: number,
    limit: number,
  ): { readonly expired: readonly Series[]; readonly isDone: boolean } {
    const expired: Series[] = [];
    let looked = 0;
    while (this.#swept + 1 <= nowSeconds) {
      const due = this.#slots.get(this.#swept + 1) ?? [];
      while (due.length > 0) {
        if (looked++ >= limit) return { expired, isDone: false };
        const series = due.pop() as Series; // not empty
        if (!series.isLive || series.dueSecond !== this.#swept + 1) continue;
        if (series.lastSeen + series.ttlSeconds >= nowSeconds) this.#put(series, Math.floor(nowSeconds) + 1);
        else {
          series.dueSecond = 0;
          expired.push(series);
        }
      }
      this.#slots.delete(this.#swept + 1);
      this.#swept++;
    }
    return { expired, isDone: true };
  }

  #put(series: Series, earliest: number): void {
    const slot = Math.max(earliest, Math.ceil(series.lastSeen + series.ttlSeconds));
    if (series.dueSecond === slot) return;
    series.dueSecond = slot;
    const due = this.#slots.get(slot);
    if (due === undefined) this.#slots.set(slot, [series]);
    else due.push(series);
  }
}
