/** RFC 5424 §6.2.3.1: no finer than a microsecond. */
const mostDigits = 6;
/** `2026-01-31T12:00:00` */
const secondsEnd = 19;

/**
 * Shortens the RFC 3339 time in `out` from `at` to `end` to one of RFC 5424: no digits after the microsecond, and a leap
 * second becomes the second before it. Returns the index after it.
 */
export function toSyslogTime(out: Buffer, at: number, end: number): number {
  const seconds = at + secondsEnd - 2;
  if (out[seconds] === 0x36) out.write('59', seconds, 'latin1');
  let zone = at + secondsEnd + 1;
  while (isDigit(out[zone])) zone++;
  const kept = Math.min(zone, at + secondsEnd + 1 + mostDigits);
  if (kept < zone) out.copyWithin(kept, zone, end);
  return end - (zone - kept);
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}
