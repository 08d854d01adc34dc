/** msgpack's forms (github.com/msgpack/msgpack/blob/master/spec.md). Each put returns the index after its bytes. */

/** A collection whose header depends on the number of its elements. */
export interface Collection {
  /** With the number of elements in its low bits, as far as it is below 16. */
  readonly short: number;
  /** Before two bytes with that number; the next byte stands before four. */
  readonly long: number;
}

export const map: Collection = { short: 0x80, long: 0xde };
export const array: Collection = { short: 0x90, long: 0xdc };

export const nil = 0xc0;
export const no = 0xc2;
export const yes = 0xc3;

/** The most bytes of a header. */
export const headerRoom = 5;

/**
 * Writes the header of a collection at `at`, before its elements, which end at `end`. One byte is left for it; a longer
 * header moves the elements. Returns the new end.
 */
export function putHeader(out: Buffer, at: number, end: number, kind: Collection, count: number): number {
  if (count < 16) {
    out[at] = kind.short + count;
    return end;
  }
  const isShort = count < 0x10000;
  const length = isShort ? 3 : 5;
  out.copyWithin(at + length, at + 1, end);
  out[at] = isShort ? kind.long : kind.long + 1;
  putBigEndian(out, at + 1, count, length - 1);
  return end + length - 1;
}

/** How many bytes stand before a text of this many bytes. */
export function textHeaderLength(length: number): number {
  if (length < 32) return 1;
  if (length < 0x100) return 2;
  return length < 0x10000 ? 3 : 5;
}

/** The first byte of a header, by the number of bytes of the length after it. */
const textForms = Uint8Array.of(0, 0xd9, 0xda, 0, 0xdb);

export function putTextHeader(out: Buffer, at: number, length: number): number {
  if (length < 32) {
    out[at] = 0xa0 + length;
    return at + 1;
  }
  const size = textHeaderLength(length) - 1;
  out[at] = textForms[size] as number; // it has each of these sizes
  return putBigEndian(out, at + 1, length, size);
}

/** Writes a number as an integer where 32 bits hold it, or else as a double. */
export function putNumber(out: Buffer, at: number, value: number): number {
  if (Number.isInteger(value) && value < 2 ** 32 && value >= -(2 ** 31)) return putInteger(out, at, value);
  out[at] = 0xcb;
  return out.writeDoubleBE(value, at + 1);
}

/** Writes a safe integer in the shortest form. */
export function putInteger(out: Buffer, at: number, value: number): number {
  if (value >= 0 && value < 0x80) {
    out[at] = value;
    return at + 1;
  }
  if (value < 2 ** 32 && value >= -(2 ** 31)) {
    return value >= 0 ? putUnsigned(out, at, value) : putNegative(out, at, value);
  }
  const high = Math.floor(value / 2 ** 32);
  out[at] = value >= 0 ? unsigned64 : signed64;
  return putBigEndian(out, putBigEndian(out, at + 1, high, 4), value - high * 2 ** 32, 4);
}

const unsigned64 = 0xcf;
const signed64 = 0xd3;

/** A whole number from -2^63 to 2^64 - 1, as 64 bits. */
export function putBigInteger(out: Buffer, at: number, value: bigint): number {
  out[at] = value >= 0n ? unsigned64 : signed64;
  return out.writeBigUInt64BE(BigInt.asUintN(64, value), at + 1);
}

function putUnsigned(out: Buffer, at: number, value: number): number {
  if (value < 0x100) {
    out[at] = 0xcc;
    return putBigEndian(out, at + 1, value, 1);
  }
  out[at] = value < 0x10000 ? 0xcd : 0xce;
  return putBigEndian(out, at + 1, value, value < 0x10000 ? 2 : 4);
}

function putNegative(out: Buffer, at: number, value: number): number {
  if (value >= -32) {
    out[at] = value;
    return at + 1;
  }
  if (value >= -0x80) {
    out[at] = 0xd0;
    return putBigEndian(out, at + 1, value, 1);
  }
  out[at] = value >= -0x8000 ? 0xd1 : 0xd2;
  return putBigEndian(out, at + 1, value, value >= -0x8000 ? 2 : 4);
}

/** Of a negative number its two's complement. */
function putBigEndian(out: Buffer, at: number, value: number, size: number): number {
  for (let index = 0; index < size; index++) out[at + index] = value >> (8 * (size - 1 - index));
  return at + size;
}
