/**
 * Whether the container should get work, and why not: named conditions, each with a reason while it does
 * not hold. Ready when no condition has a reason.
 */
export class Readiness {
  readonly #reasons = new Map<string, string>();

  get isReady(): boolean {
    return this.#reasons.size === 0;
  }

  /** The condition does not hold, because of `reason`. */
  unready(condition: string, reason: string): void {
    this.#reasons.set(condition, reason);
  }

  ready(condition: string): void {
    this.#reasons.delete(condition);
  }

  report(): { readonly ready: boolean; readonly reasons: Readonly<Record<string, string>> } {
    return { ready: this.isReady, reasons: Object.fromEntries(this.#reasons) };
  }
}
