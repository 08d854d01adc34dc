/** RFC 5424 §6.2.3.1: no finer than a microsecond. */
const mostDigits = 6;
/** `2026-01-31T12:00:00` */
const secondsEnd = 19;

/**
 * Makes RFC 5424's of the RFC 3339 time that stands in `out` from `at` to `end`: without what is finer than a
 * microsecond, and without a leap second, which is told as the second before it. Returns the index behind it.
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
