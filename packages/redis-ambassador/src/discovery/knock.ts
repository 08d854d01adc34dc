/** Ends a wait early. A knock without a waiter ends the next wait. */
export class Knock {
  #hasKnocked = false;
  #open: (() => void) | undefined;

  knock(): void {
    this.#hasKnocked = true;
    this.#open?.();
  }

  /** Resolves at a knock, or after this many milliseconds. */
  async heard(withinMs: number): Promise<void> {
    if (!this.#hasKnocked) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, withinMs).unref();
      this.#open = resolve;
      await promise;
      clearTimeout(timer);
      this.#open = undefined;
    }
    this.#hasKnocked = false;
  }
}
