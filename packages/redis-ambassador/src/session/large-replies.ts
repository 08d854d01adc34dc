/**
 * Tracks whether a client gets replies too large for a shared link. From the first one on, its requests go over a
 * dedicated link, until all pending ones there are answered and none of the replies was large.
 */
export class LargeReplies {
  readonly #largeBytes: number;
  #isExpected = false;
  #hasCome = false;
  #replyBytes = 0;

  constructor(largeBytes: number) {
    this.#largeBytes = largeBytes;
  }

  get isExpected(): boolean {
    return this.#isExpected;
  }

  /** Records a large reply that a shared link did not deliver. */
  diverted(): void {
    this.#isExpected = this.#hasCome = true;
  }

  /** Counts bytes of replies from the dedicated link. */
  came(bytes: number, replies: number): void {
    this.#replyBytes += bytes;
    if (this.#replyBytes > this.#largeBytes) this.#hasCome = true;
    if (replies > 0) this.#replyBytes = 0;
  }

  /** Records that no request is pending on the dedicated link. */
  answered(): void {
    this.#isExpected &&= this.#hasCome;
    this.#hasCome = false;
  }

  /** Records that no dedicated link is available. */
  refused(): void {
    this.#isExpected = false;
  }
}
