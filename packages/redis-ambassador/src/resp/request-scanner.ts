import { byteAt, CR, DOLLAR, LF, readInteger, STAR, ZERO } from './bytes.ts';

/** Results of `next` other than the end of a request. */
export const incomplete = -1;
export const malformed = -2;

/** Limits on the requests of a client. */
export interface RequestLimits {
  readonly maxArguments: number;
  readonly maxBulkBytes: number;
  /** First word of the error for a larger request: before "multibulk length" or "bulk length". */
  readonly refusal: 'invalid' | 'unauthenticated';
}

/** Redis' own limits. */
export const requestLimits: RequestLimits = {
  maxArguments: 2 ** 31 - 1,
  maxBulkBytes: 512 * 1024 * 1024,
  refusal: 'invalid',
};

/** Redis' limits for a client before its login. */
export const anonymousLimits: RequestLimits = {
  maxArguments: 10,
  maxBulkBytes: 16_384,
  refusal: 'unauthenticated',
};

/** Longest line: an inline request, or the header of an array or of a bulk string. */
const maxLineBytes = 64 * 1024;

/** Rest of a request that was scanned up to the middle of an argument. */
export interface RequestRest {
  /** Bytes until the end of that argument. */
  readonly bytesLeft: number;
  /** Number of arguments after it. */
  readonly argumentsLeft: number;
}

/**
 * Finds the ends of requests without decoding them: arrays of bulk strings, or inline lines. Bulk strings are
 * skipped by arithmetic. After `incomplete`, the caller keeps the bytes from the start of the request and calls
 * again with more of them, in any buffer; the scan resumes where it stopped.
 */
export class RequestScanner {
  limits: RequestLimits = requestLimits;
  /** Arguments of the found request; 0 for an empty one (`*0`), which has no reply. Unknown for inline requests. */
  argumentCount = 0;
  isInline = false;
  /** Positions of the first argument, and of the second, if any. Not set for inline requests. */
  nameStart = 0;
  nameEnd = 0;
  secondStart = 0;
  secondEnd = 0;
  /** Why the bytes are malformed, in Redis' own words. */
  fault = '';
  /** Minimum size of an incomplete request, as far as known. */
  neededBytes = 0;

  // relative to the start of the request, as its bytes may move before the scan resumes
  #cursor = 0;
  #searched = 0;
  #argumentsLeft = -1;
  #nameStart = 0;
  #nameEnd = 0;
  #secondStart = 0;
  #secondEnd = 0;
  /** Absolute start of the bulk string whose header was read last. */
  #bodyStart = 0;

  /** Discards the state of an incomplete request. */
  reset(): void {
    this.#cursor = 0;
    this.#searched = 0;
    this.#argumentsLeft = -1;
    this.neededBytes = 0;
  }

  /**
   * Returns the rest of an incomplete request with the bytes from `start` to `end`, if
   * `neededBytes` is known. Sets the position of its name, which is empty while incomplete.
   */
  rest(start: number, end: number): RequestRest {
    const hasName = this.#argumentsLeft < this.argumentCount;
    this.nameStart = start + (hasName ? this.#nameStart : 0);
    this.nameEnd = start + (hasName ? this.#nameEnd : 0);
    return { bytesLeft: this.neededBytes - (end - start), argumentsLeft: this.#argumentsLeft - 1 };
  }

  /** Returns the end of the request that starts at `start`, or `incomplete`, or `malformed`. */
  next(bytes: Uint8Array, start: number, end: number): number {
    if (start >= end) return incomplete;
    if (this.#argumentsLeft < 0) {
      if (byteAt(bytes, start) !== STAR) return this.#inline(bytes, start, end);
      const stopped = this.#arrayHeader(bytes, start, end);
      if (stopped !== 0) return stopped;
    }
    let at = start + this.#cursor;
    let left = this.#argumentsLeft;
    while (left > 0) {
      const length = this.#bulkLength(bytes, at, end);
      const bodyStart = this.#bodyStart;
      const next = bodyStart + length + 2;
      if (length < 0 || next > end) {
        this.#pause(at - start, left);
        if (length < 0) return this.#lineFault(bytes, at, { end, isBulk: true });
        this.neededBytes = next - start;
        return incomplete;
      }
      if (left === this.argumentCount) {
        this.#nameStart = bodyStart - start;
        this.#nameEnd = next - 2 - start;
      } else if (left === this.argumentCount - 1) {
        this.#secondStart = bodyStart - start;
        this.#secondEnd = next - 2 - start;
      }
      at = next;
      left--;
    }
    this.nameStart = start + this.#nameStart;
    this.nameEnd = start + this.#nameEnd;
    this.secondStart = start + this.#secondStart;
    this.secondEnd = start + this.#secondEnd;
    this.reset();
    return at;
  }

  #pause(cursor: number, argumentsLeft: number): void {
    if (cursor !== this.#cursor) this.#searched = 0;
    this.#cursor = cursor;
    this.#argumentsLeft = argumentsLeft;
  }

  /** Returns the length of the bulk string whose header is at `at`; -1 if the header is incomplete or malformed. */
  #bulkLength(bytes: Uint8Array, at: number, end: number): number {
    if (at >= end || byteAt(bytes, at) !== DOLLAR) return -1;
    let length = 0;
    let cursor = at + 1;
    for (; cursor < end; cursor++) {
      const digit = byteAt(bytes, cursor) - ZERO;
      if (digit < 0 || digit > 9) break;
      length = length * 10 + digit;
    }
    const digits = cursor - at - 1;
    const isLineThere = cursor + 1 < end && byteAt(bytes, cursor) === CR;
    if (!isLineThere || digits === 0 || length > this.limits.maxBulkBytes) return -1;
    if (digits > 1 && byteAt(bytes, at + 1) === ZERO) return -1;
    this.#bodyStart = cursor + 2;
    return length;
  }

  /** Reads `*n`. Returns 0 to continue with the arguments, else the result of `next`. */
  #arrayHeader(bytes: Uint8Array, start: number, end: number): number {
    const lineEnd = this.#find(bytes, CR, { start, end: end - 1 });
    if (lineEnd < 0) return this.#lineFault(bytes, start, { end, isBulk: false });
    const count = readInteger(bytes, start + 1, lineEnd);
    if (Number.isNaN(count) || count > requestLimits.maxArguments) {
      return this.#malformed('invalid multibulk length');
    }
    if (count > this.limits.maxArguments) return this.#malformed('unauthenticated multibulk length');
    this.isInline = false;
    if (count <= 0) {
      this.argumentCount = 0;
      this.reset();
      return lineEnd + 2;
    }
    this.argumentCount = count;
    this.#argumentsLeft = count;
    this.#cursor = lineEnd + 2 - start;
    this.#searched = 0;
    return 0;
  }

  #inline(bytes: Uint8Array, start: number, end: number): number {
    const lineEnd = this.#find(bytes, LF, { start, end });
    if (lineEnd < 0) {
      return end - start > maxLineBytes ? this.#malformed('too big inline request') : incomplete;
    }
    this.isInline = true;
    this.reset();
    return lineEnd + 1;
  }

  /** Distinguishes incomplete headers from malformed ones, with Redis' order of checks. */
  #lineFault(
    bytes: Uint8Array,
    at: number,
    { end, isBulk }: { readonly end: number; readonly isBulk: boolean },
  ): number {
    const lineEnd = this.#find(bytes, CR, { start: at, end: end - 1 });
    if (lineEnd < 0) {
      if (end - at <= maxLineBytes) return incomplete;
      return this.#malformed(isBulk ? 'too big bulk count string' : 'too big mbulk count string');
    }
    const first = byteAt(bytes, at);
    if (first !== DOLLAR) return this.#malformed(`expected '$', got '${String.fromCharCode(first)}'`);
    const length = readInteger(bytes, at + 1, lineEnd);
    const isValid = length >= 0 && length <= requestLimits.maxBulkBytes;
    return this.#malformed(`${isValid ? this.limits.refusal : 'invalid'} bulk length`);
  }

  /** Searches the line at `start` for a byte; looks at each byte once, however often the scan resumes. */
  #find(bytes: Uint8Array, wanted: number, { start, end }: { start: number; end: number }): number {
    for (let at = start + this.#searched; at < end; at++) {
      if (byteAt(bytes, at) === wanted) {
        this.#searched = 0;
        return at;
      }
    }
    this.#searched = Math.max(this.#searched, end - start);
    return -1;
  }

  #malformed(fault: string): number {
    this.fault = fault;
    return malformed;
  }
}
