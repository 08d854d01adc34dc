/** How waits between attempts grow. */
export interface BackoffOptions {
  readonly firstMs: number;
  readonly maxMs: number;
  /** Gives numbers from 0 up to 1. */
  readonly random: () => number;
}

/**
 * How long to wait before the next attempt: twice as long each time, and each time somewhere between half of
 * that and all of it, so that many who lost the same server do not come back in step.
 */
export class Backoff {
  readonly #options: BackoffOptions;
  #attempts = 0;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  nextMs(): number {
    const { firstMs, maxMs, random } = this.#options;
    const fullMs = Math.min(maxMs, firstMs * 2 ** this.#attempts++);
    return fullMs * (0.5 + random() / 2);
  }

  reset(): void {
    this.#attempts = 0;
  }
}
