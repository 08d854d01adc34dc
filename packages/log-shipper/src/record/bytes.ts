/** Writers of small values into a buffer; each returns the index after its bytes. */

/** Some bytes of a buffer. */
export interface ByteRange {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/** Lengths from which the native copy was measured to be faster than a loop; for a range it creates a view first. */
const wholeFrom = 12;
const rangeFrom = 36;

/** Copies `source` whole. */
export function putBytes(out: Buffer, at: number, source: Buffer): number {
  const { length } = source;
  if (length < wholeFrom) return putRange(out, at, source, 0, length);
  out.set(source, at);
  return at + length;
}

export function putRange(out: Buffer, at: number, source: Buffer, start: number, end: number): number {
  if (end - start >= rangeFrom) return at + source.copy(out, at, start, end);
  let to = at;
  // within `source`, so the byte is there
  for (let index = start; index < end; index++) out[to++] = source[index] as number;
  return to;
}

/** Writes a whole number ≥ 0 in decimal. */
export function putInteger(out: Buffer, at: number, value: number): number {
  if (value < 1_000_000_000) return putDigits(out, at, value, digitsOf(value));
  const high = Math.floor(value / 1_000_000_000);
  return putDigits(out, putInteger(out, at, high), value - high * 1_000_000_000, 9);
}

/** Writes this many digits of a number below 2^31, with leading zeros. */
export function putDigits(out: Buffer, at: number, value: number, digits: number): number {
  let rest = value | 0;
  for (let index = at + digits - 1; index >= at; index--) {
    const tenth = (rest / 10) | 0;
    out[index] = 0x30 + (rest - tenth * 10);
    rest = tenth;
  }
  return at + digits;
}

function digitsOf(value: number): number {
  let digits = 1;
  for (let bound = 10; bound <= value; bound *= 10) digits++;
  return digits;
}
