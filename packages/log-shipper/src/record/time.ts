import { putInteger, putRange } from './bytes.ts';

/**
 * Writes a time that a line carries as RFC 3339, with no less than milliseconds, and returns the index
 * behind it; -1 when the JSON value at `start` to `end` is no time that can be told for sure: a string that
 * is not RFC 3339, or a number that is not seconds, milli-, micro- or nanoseconds since 1970.
 * Needs `timeRoom` bytes.
 */
export function putTime(out: Buffer, at: number, value: Range): number {
  return value.bytes[value.start] === quote ? putRfc3339(out, at, value) : putEpoch(out, at, value);
}

/** The most that `putTime` writes. */
export const timeRoom = 96;

export interface Range {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

const quote = 0x22;
const zero = 0x30;
const dot = 0x2e;

/** `0` stands for a digit. */
const dateTimeForm = '0000-00-00T00:00:00';

function putRfc3339(out: Buffer, at: number, { bytes, start, end }: Range): number {
  const first = start + 1;
  const last = end - 1;
  if (last - first > 64 || !hasForm(bytes, first, dateTimeForm) || !isDateTime(bytes, first)) return -1;
  let index = first + dateTimeForm.length;
  const fraction = index;
  if (bytes[index] === dot) {
    do index++;
    while (isDigit(bytes[index]));
    if (index === fraction + 1) return -1;
  }
  const zone = index;
  if (!isZone(bytes, zone, last)) return -1;

  let to = putRange(out, at, bytes, first, zone);
  out[at + 10] = 0x54; // a blank or a small t may stand for T
  if (zone === fraction) out[to++] = dot;
  for (let digits = Math.max(0, zone - fraction - 1); digits < 3; digits++) out[to++] = zero;
  if (last === zone + 1) {
    out[to] = 0x5a; // Z
    return to + 1;
  }
  return putRange(out, to, bytes, zone, last);
}

function hasForm(bytes: Buffer, start: number, form: string): boolean {
  for (let index = 0; index < form.length; index++) {
    const byte = bytes[start + index];
    const wanted = form.charCodeAt(index);
    const fits =
      wanted === zero
        ? isDigit(byte)
        : byte === wanted || (wanted === 0x54 && (byte === 0x74 || byte === 0x20));
    if (!fits) return false;
  }
  return true;
}

const monthDays = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isDateTime(bytes: Buffer, start: number): boolean {
  const month = two(bytes, start + 5);
  const day = two(bytes, start + 8);
  return (
    day >= 1 &&
    day <= (monthDays[month - 1] ?? 0) &&
    two(bytes, start + 11) <= 23 &&
    two(bytes, start + 14) <= 59 &&
    two(bytes, start + 17) <= 60 // a leap second
  );
}

function isZone(bytes: Buffer, start: number, end: number): boolean {
  const sign = bytes[start];
  if (sign === 0x5a || sign === 0x7a) return end === start + 1;
  const isSigned = sign === 0x2b || sign === 0x2d;
  return (
    isSigned &&
    end === start + 6 &&
    hasForm(bytes, start + 1, '00:00') &&
    two(bytes, start + 1) <= 23 &&
    two(bytes, start + 4) <= 59
  );
}

/** Digits behind the seconds, by how many digits the whole number has: 10 and 11 are seconds until 5138. */
function subSecondDigits(digits: number): number {
  if (digits <= 11) return 0;
  if (digits <= 14) return 3;
  return digits <= 17 ? 6 : 9;
}

/** Works on the digits, as nanoseconds do not fit into a number. */
function putEpoch(out: Buffer, at: number, { bytes, start, end }: Range): number {
  let index = start;
  while (isDigit(bytes[index])) index++;
  const whole = index - start;
  // nine digits are before 1974 or no time at all; and 21 are none
  if (whole < 9 || whole > 20) return -1;
  const hasFraction = bytes[index] === dot;
  if (hasFraction) {
    do index++;
    while (isDigit(bytes[index]));
  }
  if (index !== end) return -1; // an exponent

  const sub = subSecondDigits(whole);
  const seconds = number(bytes, start, start + whole - sub);
  let to = putDateTime(out, at, seconds);
  out[to++] = dot;
  const fraction = to;
  to = putRange(out, to, bytes, start + whole - sub, start + whole);
  if (hasFraction) {
    const from = start + whole + 1;
    to = putRange(out, to, bytes, from, Math.min(end, from + 9 - sub));
  }
  while (to - fraction < 3) out[to++] = zero;
  out[to] = 0x5a; // Z
  return to + 1;
}

let cachedSecond = Number.NaN;
const cachedText = Buffer.alloc(dateTimeForm.length);

/** Lines of one second follow one another: the calendar is asked once for them. */
function putDateTime(out: Buffer, at: number, seconds: number): number {
  if (seconds !== cachedSecond) {
    cachedText.write(new Date(seconds * 1000).toISOString(), 'latin1');
    cachedSecond = seconds;
  }
  return putRange(out, at, cachedText, 0, cachedText.length);
}

function number(bytes: Buffer, start: number, end: number): number {
  let value = 0;
  for (let index = start; index < end; index++) value = value * 10 + (bytes[index] ?? 0) - zero;
  return value;
}

function two(bytes: Buffer, at: number): number {
  return number(bytes, at, at + 2);
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte <= 0x39;
}

/** The time now, as RFC 3339 with milliseconds. */
export function putNow(out: Buffer, at: number, nowMs: number): number {
  const seconds = Math.floor(nowMs / 1000);
  let to = putDateTime(out, at, seconds);
  out[to++] = dot;
  const ms = Math.floor(nowMs - seconds * 1000);
  if (ms < 100) out[to++] = zero;
  if (ms < 10) out[to++] = zero;
  to = putInteger(out, to, ms);
  out[to] = 0x5a; // Z
  return to + 1;
}
