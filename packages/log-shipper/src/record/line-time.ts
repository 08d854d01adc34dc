import { type JsonObjectScanner, timeFields } from './json-object.ts';
import type { RecordOptions } from './record-writer.ts';
import { utc } from './time/zone.ts';
import { putTime, type TimeForms } from './time.ts';

/** Finds the times of lines, and reports unreadable ones. */
export class LineTime {
  /** Sets the file of the following lines. */
  file = '';
  readonly #forms: TimeForms;
  readonly #onUnread: RecordOptions['onUnreadTime'];

  constructor({ timeZone, timeFormat, onUnreadTime, now }: Pick<RecordOptions, TimeOptions>) {
    this.#forms = { zone: timeZone ?? utc, format: timeFormat, now };
    this.#onUnread = onUnreadTime;
  }

  /**
   * Writes the time of the JSON object just scanned, as `putTime` does: the first of `timeFields` that is a time.
   * Returns the index after it, or -1 if there is none.
   */
  put(out: Buffer, at: number, bytes: Buffer, scanner: JsonObjectScanner): number {
    const { timeStart, timeEnd, hasTime } = scanner;
    let unread = -1;
    for (let index = 0; hasTime && index < timeStart.length; index++) {
      const start = timeStart[index] ?? -1;
      if (start < 0) continue;
      const end = timeEnd[index] ?? start;
      const isText = bytes[start] === quote;
      const range = isText ? { bytes, start: start + 1, end: end - 1 } : { bytes, start, end };
      const written = putTime(out, at, range, this.#forms);
      if (written >= 0) return written;
      if (unread < 0 && (isText || isNumber(bytes[start]))) unread = index;
    }
    if (unread >= 0) this.#tell(bytes, scanner, unread);
    return -1;
  }

  #tell(bytes: Buffer, { timeStart, timeEnd }: JsonObjectScanner, index: number): void {
    const start = timeStart[index] ?? 0;
    const end = Math.min(timeEnd[index] ?? 0, start + mostShown);
    const value = () => bytes.toString('utf8', start, end);
    this.#onUnread?.({ file: this.file, field: timeFields[index] ?? '', value });
  }
}

type TimeOptions = 'timeZone' | 'timeFormat' | 'onUnreadTime' | 'now';

const quote = 0x22;
/** Bytes of a value that are shown in the log. */
const mostShown = 60;

/** `null`, `true`, objects and lists are not meant as times. */
function isNumber(byte: number | undefined): boolean {
  return byte === 0x2d || (byte !== undefined && byte >= 0x30 && byte <= 0x39);
}
