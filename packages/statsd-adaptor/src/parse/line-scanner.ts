const lineFeed = 10;
const carriageReturn = 13;
const colonByte = 58;
const pipeByte = 124;
const powersOfTen = Float64Array.from({ length: 16 }, (_, power) => 10 ** power);
/** Any decimal number of this many digits fits in a double's 53 bits. */
const maxDigits = 15;

/**
 * Finds the parts of the next line in one pass over its bytes, and hashes all of it but the value.
 * The fields describe the last scanned line; one scanner serves all lines, so that none allocates.
 */
export class LineScanner {
  /** The line without its end: bytes[start, end). */
  start = 0;
  end = 0;
  /** The first colon, or -1. */
  colon = -1;
  /** The first pipe after the colon, or -1. */
  pipe = -1;
  /** Where the next line starts. */
  next = 0;
  /** Hash of bytes[start, colon) and bytes[pipe, end); valid only if both were found. */
  hash = 0;
  /** The value if `isPlain`: a decimal of at most 15 digits without exponent, so it is rounded exactly. */
  value = 0;
  isPlain = false;
  /** The value starts with + or -, so it changes a gauge instead of setting it. */
  isSigned = false;
  readonly #seed: number;

  /** @param seed differs per process, so that nobody can prepare collisions */
  constructor(seed: number) {
    this.#seed = seed | 0;
  }

  /** Scans one line from `start`; false when the bytes end before the line does (it is scanned all the same). */
  scan(bytes: Uint8Array, start: number, limit: number): boolean {
    this.start = start;
    this.colon = -1;
    this.pipe = -1;
    let at = this.#scanHead(bytes, start, limit);
    if (this.colon >= 0) {
      at = this.#scanValue(bytes, at, limit);
      if (this.pipe >= 0) at = this.#scanTail(bytes, at, limit);
    }
    const isWhole = at < limit;
    this.next = isWhole ? at + 1 : limit;
    this.end = at > start && bytes[at - 1] === carriageReturn ? at - 1 : at;
    return isWhole;
  }

  /** Scans up to the first colon. Returns the position after the colon, or of the line feed or the limit. */
  #scanHead(bytes: Uint8Array, start: number, limit: number): number {
    let hash = this.#seed;
    for (let at = start; at < limit; at++) {
      const byte = bytes[at] as number; // at is within the array
      if (byte === colonByte) {
        this.colon = at;
        this.hash = hash;
        return at + 1;
      }
      if (byte === lineFeed) return at;
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
    return limit;
  }

  /** Scans up to the first pipe, and reads a plain decimal on the way. */
  #scanValue(bytes: Uint8Array, start: number, limit: number): number {
    const sign = bytes[start];
    const isNegative = sign === 45;
    this.isSigned = isNegative || sign === 43;
    const first = this.isSigned ? start + 1 : start;
    let mantissa = 0;
    let digits = 0;
    let point = -1;
    let isPlain = true;
    let at = first;
    for (; at < limit; at++) {
      const byte = bytes[at] as number; // at is within the array
      const digit = byte - 48;
      if (digit >= 0 && digit <= 9) {
        mantissa = mantissa * 10 + digit;
        digits++;
      } else if (byte === pipeByte) {
        this.pipe = at;
        break;
      } else if (byte === lineFeed) break;
      else if (byte === 46 && point < 0) point = digits;
      else isPlain = false;
    }
    this.isPlain = isPlain && digits > 0 && digits <= maxDigits;
    if (this.isPlain) {
      const scale = powersOfTen[point < 0 ? 0 : digits - point] as number; // at most 15 digits
      const magnitude = mantissa / scale;
      this.value = isNegative ? -magnitude : magnitude;
    }
    return at;
  }

  /** Scans from the pipe to the end of the line. */
  #scanTail(bytes: Uint8Array, start: number, limit: number): number {
    let hash = this.hash;
    let at = start;
    for (; at < limit; at++) {
      const byte = bytes[at] as number; // at is within the array
      if (byte === lineFeed) break;
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
    // the last bytes must affect the low bits, which select the cache slot
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    this.hash = hash ^ (hash >>> 12);
    return at;
  }
}
