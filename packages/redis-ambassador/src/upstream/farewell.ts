/** Redis' longest error (of protected mode) has about 1 KiB. */
const maxBytes = 4096;

/** Unrequested error that a server sends as its reason to close the connection. */
export class Farewell {
  /** The error, once it is whole. */
  reason: string | undefined;
  #text = '';

  get hasBegun(): boolean {
    return this.#text !== '';
  }

  /** Takes bytes without a request. False if they are not an error. */
  take(bytes: Buffer, start: number, end: number): boolean {
    this.#text += bytes.toString('latin1', start, Math.min(end, start + maxBytes));
    if (!this.#text.startsWith('-') || this.#text.length > maxBytes) return false;
    const length = this.#text.indexOf('\r\n');
    if (length > 0) this.reason = this.#text.slice(1, length);
    return true;
  }
}
