/**
 * Whether a client gets replies that are too large for a shared link. From the first one on its requests go over a
 * dedicated link, until all it had under way there was answered and nothing of it was large.
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

  /** A large reply was not delivered over a shared link. */
  diverted(): void {
    this.#isExpected = this.#hasCome = true;
  }

  /** Bytes of replies have come over the dedicated link, one reply after the other. */
  came(bytes: number, replies: number): void {
    this.#replyBytes += bytes;
    if (this.#replyBytes > this.#largeBytes) this.#hasCome = true;
    if (replies > 0) this.#replyBytes = 0;
  }

  /** All that was under way on the dedicated link is answered. */
  answered(): void {
    this.#isExpected &&= this.#hasCome;
    this.#hasCome = false;
  }

  /** There is no dedicated link to be had. */
  refused(): void {
    this.#isExpected = false;
  }
}
