import { putDigits, putInteger } from '../record/bytes.ts';
import type { JsonObjectScanner } from '../record/json-object.ts';
import type { LineTime } from '../record/line-time.ts';
import { timeRoom } from '../record/time.ts';

/** A moment since 1970. With nanoseconds, it does not fit in one number. */
export interface Instant {
  seconds: number;
  nanoseconds: number;
}

/** Writes a moment as nanoseconds since 1970, in decimal. */
export function putNanoseconds(out: Buffer, at: number, { seconds, nanoseconds }: Instant): number {
  return putDigits(out, putInteger(out, at, seconds), nanoseconds, 9);
}

/** Most bytes that `putNanoseconds` writes. */
export const nanosecondsRoom = 25;

export function isAfter(one: Instant, other: Instant): boolean {
  return (
    one.seconds > other.seconds || (one.seconds === other.seconds && one.nanoseconds > other.nanoseconds)
  );
}

const scratch = Buffer.alloc(timeRoom);

/** Reads the time of the JSON object just scanned; false if it has none, or one before 1970. */
export function readLineTime(
  time: LineTime,
  { bytes, scanner }: { readonly bytes: Buffer; readonly scanner: JsonObjectScanner },
  into: Instant,
): boolean {
  if (time.put(scratch, 0, bytes, scanner) < 0) return false;
  readInstant(scratch, 0, into);
  return into.seconds >= 0;
}

export function instantOf(ms: number, into: Instant): void {
  into.seconds = Math.floor(ms / 1000);
  into.nanoseconds = Math.floor((ms % 1000) * 1_000_000);
}

export function setInstant(one: Instant, { seconds, nanoseconds }: Instant): void {
  one.seconds = seconds;
  one.nanoseconds = nanoseconds;
}

/** Moves by one nanosecond, forward or back. */
export function nudge(one: Instant, by: 1 | -1): void {
  one.nanoseconds += by;
  if (one.nanoseconds === 1_000_000_000 || one.nanoseconds < 0) {
    one.seconds += by;
    one.nanoseconds = by > 0 ? 0 : 999_999_999;
  }
}

/** Reads a time written by `putTime` at `at`; digits after the nanosecond are dropped. */
export function readInstant(text: Buffer, at: number, into: Instant): void {
  const day = daysSince1970(digits(text, at, 4), digits(text, at + 5, 2), digits(text, at + 8, 2));
  const second = digits(text, at + 11, 2) * 3600 + digits(text, at + 14, 2) * 60 + digits(text, at + 17, 2);
  let index = at + 20;
  let nanoseconds = 0;
  for (let unit = 100_000_000; isDigit(text[index]); index++, unit = Math.floor(unit / 10)) {
    nanoseconds += digits(text, index, 1) * unit;
  }
  into.seconds = day * 86_400 + second - zoneSeconds(text, index);
  into.nanoseconds = nanoseconds;
}

/** Seconds ahead of UTC of `Z` or `+01:00`. */
function zoneSeconds(text: Buffer, at: number): number {
  if (text[at] === 0x5a) return 0;
  const ahead = digits(text, at + 1, 2) * 3600 + digits(text, at + 4, 2) * 60;
  return text[at] === 0x2d ? -ahead : ahead;
}

/** Counts in years that begin in March, so that a leap day is the last day and no table of months is needed. */
function daysSince1970(year: number, month: number, day: number): number {
  const years = month > 2 ? year : year - 1;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const leapDays = Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400);
  return years * 365 + leapDays + dayOfYear - 719_468;
}

function digits(text: Buffer, at: number, count: number): number {
  let value = 0;
  for (let index = at; index < at + count; index++) value = value * 10 + (text[index] ?? 0) - 0x30;
  return value;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}
