import { putRange } from '../../record/bytes.ts';
import { putBigInteger, putInteger, putNumber, putTextHeader } from './msgpack.ts';

const minus = 0x2d;
const point = 0x2e;
/** More digits are beyond 64 bits. */
const mostDigits = 20;
const largest = 2n ** 64n - 1n;
const smallest = -(2n ** 63n);

/**
 * Writes the JSON number at `start` to `end` as msgpack. A whole number keeps its digits, as text if 64 bits cannot
 * hold it; any other becomes the nearest double.
 */
export function putJsonNumber(out: Buffer, at: number, bytes: Buffer, start: number, end: number): number {
  const isNegative = bytes[start] === minus;
  const first = isNegative ? start + 1 : start;
  let value = 0;
  for (let index = first; index < end; index++) {
    // within `bytes`, so the byte is there; the same below
    const digit = (bytes[index] as number) - 0x30;
    if (digit < 0 || digit > 9) return putNumber(out, at, readDecimal(bytes, start, end));
    value = value * 10 + digit;
  }
  // exact as long as it is safe
  if (Number.isSafeInteger(value)) return putInteger(out, at, isNegative ? -value : value);
  return putLong(out, at, bytes, start, end);
}

function putLong(out: Buffer, at: number, bytes: Buffer, start: number, end: number): number {
  const number = end - start > mostDigits + 1 ? undefined : BigInt(bytes.toString('latin1', start, end));
  if (number !== undefined && number <= largest && number >= smallest) return putBigInteger(out, at, number);
  return putRange(out, putTextHeader(out, at, end - start), bytes, start, end);
}

/** Powers of ten that a double holds exactly. */
const powers = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/**
 * Reads a number as `Number` does. One with few digits is a safe whole number times or by an exact power of ten, and
 * that product or quotient is the nearest double (Clinger 1990, "How to read floating point numbers accurately").
 */
function readDecimal(bytes: Buffer, start: number, end: number): number {
  const isNegative = bytes[start] === minus;
  let value = 0;
  let exponent = 0;
  let isFraction = false;
  let index = isNegative ? start + 1 : start;
  for (; index < end; index++) {
    const digit = (bytes[index] as number) - 0x30;
    if (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      if (isFraction) exponent -= 1;
    } else if (bytes[index] === point) isFraction = true;
    else break;
  }
  if (index < end) exponent += readExponent(bytes, index + 1, end);
  const power = powers[Math.abs(exponent)];
  if (power === undefined || !Number.isSafeInteger(value))
    return Number(bytes.toString('latin1', start, end));
  const size = exponent < 0 ? value / power : value * power;
  return isNegative ? -size : size;
}

function readExponent(bytes: Buffer, start: number, end: number): number {
  const sign = bytes[start];
  const isSigned = sign === minus || sign === 0x2b;
  let value = 0;
  for (let index = isSigned ? start + 1 : start; index < end; index++) {
    value = value * 10 + (bytes[index] as number) - 0x30;
  }
  return sign === minus ? -value : value;
}
