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
    const slot = Math.max(this.#swept + 1, Math.ceil(series.lastSeen + series.ttlSeconds));
    const due = this.#slots.get(slot);
    if (due === undefined) this.#slots.set(slot, [series]);
    else due.push(series);
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
        if (!series.isLive) continue;
        if (series.lastSeen + series.ttlSeconds < nowSeconds) expired.push(series);
        else this.#move(series, nowSeconds);
      }
      this.#slots.delete(this.#swept + 1);
      this.#swept++;
    }
    return { expired, isDone: true };
  }

  #move(series: Series, nowSeconds: number): void {
    const slot = Math.max(Math.floor(nowSeconds) + 1, Math.ceil(series.lastSeen + series.ttlSeconds));
    const later = this.#slots.get(slot);
    if (later === undefined) this.#slots.set(slot, [series]);
    else later.push(series);
  }
}
