/** A key, and its number of requests in about the last minute. */
export interface HotKey {
  readonly key: string;
  readonly requests: number;
}

/** Sampling rate: one request in this many. */
export const sampleEvery = 64;
const periodMs = 10_000;
const periods = 6;
/** Maximum number of distinct keys per period. */
const maxKeys = 4096;
const maxKeyBytes = 128;
const shown = 20;

/** Estimates the most requested keys from a sample. */
export class HotKeys {
  readonly #now: () => number;
  readonly #periods: Array<{ readonly since: number; readonly keys: Map<string, number> }> = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Counts a sampled request for the key from `start` to `end`. */
  note(bytes: Buffer, start: number, end: number): void {
    if (end <= start) return;
    const keys = this.#current();
    const key = bytes.toString('latin1', start, Math.min(end, start + maxKeyBytes));
    const before = keys.get(key);
    if (before !== undefined || keys.size < maxKeys) keys.set(key, (before ?? 0) + 1);
  }

  /** Lists keys, most requested first. */
  report(): HotKey[] {
    this.#forget();
    const all = new Map<string, number>();
    for (const { keys } of this.#periods) {
      for (const [key, count] of keys) all.set(key, (all.get(key) ?? 0) + count);
    }
    return [...all]
      .sort(([, a], [, b]) => b - a)
      .slice(0, shown)
      .map(([key, count]) => ({ key, requests: count * sampleEvery }));
  }

  #current(): Map<string, number> {
    const latest = this.#periods.at(-1);
    if (latest !== undefined && this.#now() - latest.since < periodMs) return latest.keys;
    const keys = new Map<string, number>();
    this.#periods.push({ since: this.#now(), keys });
    this.#forget();
    return keys;
  }

  #forget(): void {
    const first = this.#now() - periodMs * periods;
    while (this.#periods[0] !== undefined && this.#periods[0].since <= first) this.#periods.shift();
  }
}
