import { type ByteRange, putRange } from '../bytes.ts';
import { putSecond } from './calendar.ts';

const zero = 0x30;
const dot = 0x2e;

/** Writes a number of seconds to nanoseconds since 1970 as RFC 3339; -1 for any other text. */
export function putEpoch(out: Buffer, at: number, value: ByteRange): number {
  const { bytes, start, end } = value;
  const whole = digitsEnd(bytes, start, end) - start;
  let index = start + whole;
  if (index < end && bytes[index] === dot) index = digitsEnd(bytes, index + 1, end);
  if (index < end) {
    const plain = withoutExponent(value, index);
    return plain === undefined ? -1 : putEpoch(out, at, plain);
  }
  // nine digits are before 1974 or no time at all, 21 are none, and one that begins with a zero is an identifier
  if (index !== end || whole < 9 || whole > 20 || bytes[start] === zero) return -1;

  const sub = subSecondDigits(whole);
  let to = putSecond(out, at, number(bytes, start, start + whole - sub));
  out[to++] = dot;
  const fraction = to;
  to = putRange(out, to, bytes, start + whole - sub, start + whole);
  const from = start + whole + 1;
  to = putRange(out, to, bytes, from, Math.max(from, Math.min(end, from + 9 - sub)));
  while (to - fraction < 3) out[to++] = zero;
  out[to] = 0x5a; // Z
  return to + 1;
}

/** Digits after the seconds, by the number of all digits: 10 and 11 are seconds until 5138. */
function subSecondDigits(digits: number): number {
  if (digits <= 11) return 0;
  if (digits <= 14) return 3;
  return digits <= 17 ? 6 : 9;
}

/** The longest number with an exponent, and the largest exponent, that can be a time. */
const mostLength = 64;
const mostExponent = 20;

/** Writes `1.7e9` as `1700000000`. Works on the digits, as nanoseconds do not fit in a number. */
function withoutExponent({ bytes, start, end }: ByteRange, mantissaEnd: number): ByteRange | undefined {
  if (end - start > mostLength || ((bytes[mantissaEnd] ?? 0) | 0x20) !== 0x65) return undefined;
  const sign = bytes[mantissaEnd + 1];
  const first = sign === 0x2b || sign === 0x2d ? mantissaEnd + 2 : mantissaEnd + 1;
  if (first === end || digitsEnd(bytes, first, end) !== end) return undefined;
  const exponent = (sign === 0x2d ? -1 : 1) * number(bytes, first, end);
  const [whole = '', fraction = ''] = bytes.toString('latin1', start, mantissaEnd).split('.');
  if (whole === '' || Math.abs(exponent) > mostExponent) return undefined;
  const point = whole.length + exponent;
  const digits = (whole + fraction).padEnd(point, '0');
  const text = `${digits.slice(0, Math.max(0, point)).replace(/^0+/, '')}.${digits.slice(Math.max(0, point))}`;
  const plain = Buffer.from(text.endsWith('.') ? text.slice(0, -1) : text);
  return { bytes: plain, start: 0, end: plain.length };
}

function digitsEnd(bytes: Buffer, from: number, end: number): number {
  let index = from;
  while (index < end && isDigit(bytes[index])) index++;
  return index;
}

function number(bytes: Buffer, start: number, end: number): number {
  let value = 0;
  for (let index = start; index < end; index++) value = value * 10 + (bytes[index] ?? 0) - zero;
  return value;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte <= 0x39;
}
