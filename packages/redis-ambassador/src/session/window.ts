const firstRequests = 64;
const mostRequests = 4096;

/**
 * Bounds the pending requests of one client: enough to keep a pipeline flowing, few enough that their replies
 * fit into memory if the client does not read. Grows with the replies, shrinks when they are large.
 */
export class Window {
  readonly #maxBytes: number;
  #requests = firstRequests;
  #replyBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get size(): number {
    if (this.#replyBytes * this.#requests <= this.#maxBytes) return this.#requests;
    return Math.max(1, Math.floor(this.#maxBytes / this.#replyBytes));
  }

  /** Counts received replies and their total bytes. */
  observe(replies: number, bytes: number): void {
    if (this.#requests < mostRequests) this.#requests = Math.min(mostRequests, this.#requests + replies);
    const each = bytes / replies;
    // large ones count at once, smaller ones after a while
    this.#replyBytes = each > this.#replyBytes ? each : this.#replyBytes + (each - this.#replyBytes) / 8;
  }
}
