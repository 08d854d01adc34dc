import type { ByteRange } from './bytes.ts';
import { putDateTime } from './time/date-time.ts';
import { putEpoch } from './time/epoch.ts';
import type { TimeFormat } from './time/format.ts';
import type { Clock } from './time/zone.ts';

export interface TimeForms extends Clock {
  /** A form that is tried before the usual ones. */
  readonly format: TimeFormat | undefined;
}

/**
 * Writes a time as RFC 3339 with at least milliseconds, and returns the index after it. Returns -1 if the text from
 * `start` to `end` is not certainly a time: of the given format, a date with a time of day, or seconds to nanoseconds
 * since 1970. Needs `timeRoom` bytes.
 */
export function putTime(out: Buffer, at: number, value: ByteRange, forms: TimeForms): number {
  const formatted = forms.format?.put(out, at, value, forms) ?? -1;
  if (formatted >= 0) return formatted;
  const written = putDateTime(out, at, value, forms.zone);
  return written >= 0 ? written : putEpoch(out, at, value);
}

/** Most bytes that `putTime` writes. */
export const timeRoom = 96;
