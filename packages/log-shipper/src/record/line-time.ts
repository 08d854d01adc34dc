import type { JsonObjectScanner } from './json-object.ts';
import { putTime } from './time.ts';

/**
 * Writes the time that the JSON object just scanned carries, as `putTime` does: of `timeFields` the first
 * that is one. Returns the index behind it, or -1 when there is none.
 */
export function putLineTime(out: Buffer, at: number, bytes: Buffer, scanner: JsonObjectScanner): number {
  const { timeStart, timeEnd, hasTime } = scanner;
  for (let index = 0; hasTime && index < timeStart.length; index++) {
    const start = timeStart[index] ?? -1;
    if (start < 0) continue;
    const end = putTime(out, at, { bytes, start, end: timeEnd[index] ?? start });
    if (end >= 0) return end;
  }
  return -1;
}
