import type { Series } from './series.ts';

/**
 * Series with a time to live, by the second in which each may be due. A sample only notes its time in the
 * series; when the second comes, a series that was used meanwhile moves to a later one.
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

  /** Gives a series another time to live; 0 keeps it for ever. Its place in another slot is passed over. */
  change(series: Series, ttlSeconds: number): void {
    series.ttlSeconds = ttlSeconds;
    if (ttlSeconds === 0) series.dueSecond = 0;
    else this.add(series);
  }

  /** Takes out series that had no sample for their time to live; looks at `limit` at most, and at the rest when called again. */
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
