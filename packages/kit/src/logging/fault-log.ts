import type { Logger } from './logger.ts';

/** Delay before a changed reason is logged: alternating reasons must not fill the log. */
const changedReasonMs = 10_000;

/**
 * Logs a repeating fault when it starts, when its reason changes, and with count and duration when it ends.
 * One for each thing that can fail: an upstream, a sink, a file.
 */
export class FaultLog {
  readonly #log: Logger;
  readonly #what: string;
  readonly #now: () => number;
  #since: number | undefined;
  #said: { readonly reason: string; readonly at: number } | undefined;
  #count = 0;

  /** `what` is the subject of the lines: "upstream", "sink". `now` gives milliseconds. */
  constructor(log: Logger, what: string, now: () => number = () => performance.now()) {
    this.#log = log;
    this.#what = what;
    this.#now = now;
  }

  get isFailing(): boolean {
    return this.#since !== undefined;
  }

  failed(reason: string, fields: Record<string, unknown> = {}): void {
    const now = this.#now();
    this.#count++;
    this.#since ??= now;
    if (this.#said?.reason === reason || now - (this.#said?.at ?? -Infinity) < changedReasonMs) return;
    this.#said = { reason, at: now };
    this.#log.warn(`${this.#what} failing`, { reason, ...fields });
  }

  recovered(fields: Record<string, unknown> = {}): void {
    if (this.#since === undefined) return;
    const forMs = Math.round(this.#now() - this.#since);
    this.#log.info(`${this.#what} recovered`, { failures: this.#count, forMs, ...fields });
    this.#since = undefined;
    this.#said = undefined;
    this.#count = 0;
  }
}
