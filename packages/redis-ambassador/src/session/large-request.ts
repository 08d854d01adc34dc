import { byteAt, CR, DOLLAR, LF, readInteger } from '../resp/bytes.ts';
import { malformed, type RequestRest, requestLimits } from '../resp/request-scanner.ts';
import type { Link } from '../upstream/link.ts';

/** A request with only its first bytes received. */
export interface BegunRequest extends RequestRest {
  readonly begun: Buffer;
}

const maxHeaderBytes = 16;

/**
 * A request too large to be kept until it is whole: its bytes go out as they come, over a dedicated
 * link. Without a link, or after its loss, they are dropped up to the end of the request.
 */
export class LargeRequest {
  readonly #link: Link | undefined;
  readonly #header = Buffer.alloc(maxHeaderBytes);
  #headerBytes = 0;
  #bytesLeft: number;
  #argumentsLeft: number;

  /** Sends the bytes received so far, if there is a link. */
  constructor({ bytesLeft, argumentsLeft, begun }: BegunRequest, link: Link | undefined) {
    this.#bytesLeft = bytesLeft;
    this.#argumentsLeft = argumentsLeft;
    this.#link = link;
    link?.sendRaw(begun);
  }

  get isWhole(): boolean {
    return this.#bytesLeft === 0 && this.#argumentsLeft === 0;
  }

  get isCongested(): boolean {
    return this.#link?.isLost === false && this.#link.isCongested;
  }

  /** Takes the request's share of the first `length` bytes; returns its size, or `malformed`. */
  take(bytes: Buffer, length: number): number {
    let at = 0;
    while (at < length && !this.isWhole) {
      if (this.#bytesLeft > 0) {
        const step = Math.min(this.#bytesLeft, length - at);
        this.#bytesLeft -= step;
        at += step;
      } else if (!this.#takeHeaderByte(byteAt(bytes, at++))) return malformed;
    }
    this.#link?.sendRaw(bytes.subarray(0, at));
    if (this.isWhole) this.#link?.startWaiting();
    return at;
  }

  /** Drops an incomplete request; its link is unusable from then on. */
  abandon(): void {
    this.#link?.lose({ reason: 'abandoned', detail: 'the client sent an incomplete request' });
  }

  #takeHeaderByte(byte: number): boolean {
    if (this.#headerBytes === maxHeaderBytes) return false;
    this.#header[this.#headerBytes++] = byte;
    const lineEnd = this.#headerBytes - 2;
    if (byte !== LF || lineEnd < 1 || byteAt(this.#header, lineEnd) !== CR) return true;
    const length = readInteger(this.#header, 1, lineEnd);
    const isValid = length >= 0 && length <= requestLimits.maxBulkBytes;
    if (byteAt(this.#header, 0) !== DOLLAR || !isValid) return false;
    this.#headerBytes = 0;
    this.#bytesLeft = length + 2;
    this.#argumentsLeft--;
    return true;
  }
}
