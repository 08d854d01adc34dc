import { type ByteRange, putRange } from '../bytes.ts';
import { putZone } from './calendar.ts';
import type { TimeZone } from './zone.ts';

const zero = 0x30;
const dot = 0x2e;
const comma = 0x2c;
const blank = 0x20;

/** `0` stands for a digit. */
const form = '0000-00-00T00:00:00';
const mostLength = 64;

/**
 * Writes a date with a time of day as RFC 3339; -1 for any other text. Reads RFC 3339 and the loggers' forms of ISO 8601:
 * a space for `T`, a comma before the fraction, and a zone as `+0100`, `+01`, ` UTC`, or none.
 */
export function putDateTime(
  out: Buffer,
  at: number,
  { bytes, start, end }: ByteRange,
  zone: TimeZone,
): number {
  if (end - start > mostLength || end - start < form.length || !hasForm(bytes, start)) return -1;
  if (!isWallClock(bytes, start)) return -1;
  const fraction = start + form.length;
  const hasFraction = fraction < end && (bytes[fraction] === dot || bytes[fraction] === comma);
  const fractionEnd = hasFraction ? digitsEnd(bytes, fraction + 1, end) : fraction;
  if (hasFraction && fractionEnd === fraction + 1) return -1;
  const minutes =
    fractionEnd === end ? zone.minutesAt(wallMs(bytes, start)) : readZone(bytes, fractionEnd, end);
  if (minutes === undefined) return -1;

  let to = putRange(out, at, bytes, start, fractionEnd);
  out[at + 10] = 0x54; // a space or a lower-case t may replace T
  out[at + form.length] = dot;
  if (!hasFraction) to++;
  for (let digits = Math.max(0, fractionEnd - fraction - 1); digits < 3; digits++) out[to++] = zero;
  return putZone(out, to, minutes);
}

function hasForm(bytes: Buffer, start: number): boolean {
  for (let index = 0; index < form.length; index++) {
    const byte = bytes[start + index];
    const wanted = form.charCodeAt(index);
    const fits =
      wanted === zero
        ? isDigit(byte)
        : byte === wanted || (wanted === 0x54 && (byte === 0x74 || byte === blank));
    if (!fits) return false;
  }
  return true;
}

const monthDays = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isWallClock(bytes: Buffer, start: number): boolean {
  const day = number(bytes, start + 8, 2);
  return (
    day >= 1 &&
    day <= (monthDays[number(bytes, start + 5, 2) - 1] ?? 0) &&
    number(bytes, start + 11, 2) <= 23 &&
    number(bytes, start + 14, 2) <= 59 &&
    number(bytes, start + 17, 2) <= 60 // a leap second
  );
}

/** Local time, as milliseconds since 1970 of a clock in UTC. */
function wallMs(bytes: Buffer, start: number): number {
  const two = (at: number) => number(bytes, start + at, 2);
  return Date.UTC(number(bytes, start, 4), two(5) - 1, two(8), two(11), two(14), two(17));
}

/** Minutes ahead of UTC of `Z`, `UTC`, `GMT`, `+01:00`, `+0100` and `+01`, after an optional space; undefined for other text. */
export function readZone(bytes: Buffer, from: number, end: number): number | undefined {
  const start = bytes[from] === blank ? from + 1 : from;
  const sign = bytes[start];
  if (end === start + 1) return sign === 0x5a || sign === 0x7a ? 0 : undefined;
  if (sign !== 0x2b && sign !== 0x2d) {
    return end - start <= 3 && /^(?:UTC|GMT)$/i.test(bytes.toString('latin1', start, end)) ? 0 : undefined;
  }
  const length = end - start - 1;
  const minuteAt = length === 5 && bytes[start + 3] === 0x3a ? start + 4 : start + 3;
  if (
    !areDigits(bytes, start + 1) ||
    (length !== 2 && (minuteAt + 2 !== end || !areDigits(bytes, minuteAt)))
  ) {
    return undefined;
  }
  const hours = number(bytes, start + 1, 2);
  const minutes = length === 2 ? 0 : number(bytes, minuteAt, 2);
  if (hours > 23 || minutes > 59) return undefined;
  return (hours * 60 + minutes) * (sign === 0x2d ? -1 : 1);
}

function areDigits(bytes: Buffer, at: number): boolean {
  return isDigit(bytes[at]) && isDigit(bytes[at + 1]);
}

function digitsEnd(bytes: Buffer, from: number, end: number): number {
  let index = from;
  while (index < end && isDigit(bytes[index])) index++;
  return index;
}

function number(bytes: Buffer, at: number, digits: number): number {
  let value = 0;
  for (let index = at; index < at + digits; index++) value = value * 10 + (bytes[index] ?? 0) - zero;
  return value;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte <= 0x39;
}
