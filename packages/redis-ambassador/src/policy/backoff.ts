/** Growth of the waits between attempts. */
export interface BackoffOptions {
  readonly firstMs: number;
  readonly maxMs: number;
  /** Random numbers in [0, 1). */
  readonly random: () => number;
}

/**
 * Computes the wait before the next attempt. It doubles each time, and is random between half of
 * that and all of it, so that many clients of a lost server do not return in step.
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
