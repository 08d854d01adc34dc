/** Bytes with a meaning in RESP. */
export const CR = 0x0d;
export const LF = 0x0a;
export const STAR = 0x2a; // *
export const DOLLAR = 0x24; // $
export const MINUS = 0x2d; // -
export const ZERO = 0x30; // 0

/** Returns the byte at an index within the buffer. */
export function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] as number; // the caller has compared the index with the end already
}

/**
 * Reads the integer in [start, end) as strictly as Redis does: only a minus sign, no leading
 * zero, no blank. NaN for anything else, or beyond 2^53.
 */
export function readInteger(bytes: Uint8Array, start: number, end: number): number {
  const isNegative = start < end && byteAt(bytes, start) === MINUS;
  let at = isNegative ? start + 1 : start;
  const digits = end - at;
  if (digits === 0 || digits > 16) return Number.NaN;
  if (byteAt(bytes, at) === ZERO) return digits === 1 && !isNegative ? 0 : Number.NaN;
  let value = 0;
  for (; at < end; at++) {
    const digit = byteAt(bytes, at) - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  if (value > Number.MAX_SAFE_INTEGER) return Number.NaN;
  return isNegative ? -value : value;
}
