import type { Chunk, Line } from '../../frame/line.ts';
import { putBytes, putInteger, putRange } from '../../record/bytes.ts';
import { JsonObjectScanner } from '../../record/json-object.ts';
import { levelOf } from '../../record/level.ts';
import { LineTime } from '../../record/line-time.ts';
import type { Origin, RecordBatch, RecordOptions, RecordWriter } from '../../record/record-writer.ts';
import { putNow } from '../../record/time/calendar.ts';
import { timeRoom } from '../../record/time.ts';
import { Utf8Text } from '../../record/utf8-text.ts';
import { type MessageParts, messageParts } from './message-parts.ts';
import { syslogSeverity } from './severity.ts';
import { toSyslogTime } from './syslog-time.ts';
import type { SyslogSettings } from './syslog-url.ts';

/** PRI, version, spaces, two whole numbers, the marks of a part, the longest time. */
const fixedRoom = 160 + timeRoom;
/** Room for the length before a message, and its space. */
const lengthRoom = 12;

/**
 * Writes RFC 5424 messages, each with its length before it (RFC 6587 §3.4.1), as a line may hold newlines. The MSG is the
 * line as it is in the file; everything else of a record is in the header and the structured data.
 */
export class SyslogWriter implements RecordWriter {
  readonly #options: RecordOptions;
  readonly #settings: SyslogSettings;
  readonly #scanner = new JsonObjectScanner();
  readonly #text = new Utf8Text();
  readonly #lineTime: LineTime;
  readonly #readTime = Buffer.alloc(timeRoom);
  #readTimeLength = 0;
  #parts: MessageParts = { middle: Buffer.alloc(0), partKey: Buffer.alloc(0), lastMark: Buffer.alloc(0) };
  #file: string | undefined;
  /** Everything in a message before its MSG. */
  #head = Buffer.alloc(0);

  constructor(options: RecordOptions, settings: SyslogSettings) {
    this.#options = options;
    this.#lineTime = new LineTime(options);
    this.#settings = settings;
  }

  begin(chunk: Chunk, from: number, { file }: Origin): void {
    this.#text.begin(chunk, from);
    this.#readTimeLength = putNow(this.#readTime, 0, this.#options.now());
    if (file === this.#file) return;
    this.#file = file;
    this.#lineTime.file = file;
    this.#parts = messageParts(this.#options, this.#settings, file);
    this.#head = Buffer.alloc(
      fixedRoom + Object.values(this.#parts).reduce((sum, { length }) => sum + length, 0),
    );
  }

  write(batch: RecordBatch, line: Line): boolean {
    this.#text.take(line);
    const { bytes, start, end } = this.#text;
    const { parse, onNotJson } = this.#options;
    const isObject = line.part === 0 && parse !== 'none' && this.#scanner.scan(bytes, start, end);
    const headLength = this.#putHead(line, isObject);
    const length = headLength + end - start;
    if (!batch.reserve(lengthRoom + length)) return false;
    const out = batch.bytes;
    let at = putInteger(out, batch.length, length);
    out[at++] = blank;
    at = putRange(out, at, this.#head, 0, headLength);
    batch.add(putRange(out, at, bytes, start, end));
    if (!isObject && parse === 'json') onNotJson();
    return true;
  }

  /** `<14>1 2026-01-31T12:00:00.250Z web-1 app - - [log@32473 file="…" offset="15"] ` */
  #putHead({ offset, part, isLast }: Line, isObject: boolean): number {
    const { bytes } = this.#text;
    const out = this.#head;
    const severity = syslogSeverity(isObject ? levelOf(bytes, this.#scanner) : 0);
    out[0] = 0x3c; // <
    let at = putBytes(out, putInteger(out, 1, this.#settings.facility * 8 + severity), version);
    const timeEnd = isObject ? this.#lineTime.put(out, at, bytes, this.#scanner) : -1;
    at =
      timeEnd < 0
        ? putRange(out, at, this.#readTime, 0, this.#readTimeLength)
        : toSyslogTime(out, at, timeEnd);
    at = putInteger(out, putBytes(out, at, this.#parts.middle), offset);
    if (part > 0) {
      at = putInteger(out, putBytes(out, at, this.#parts.partKey), part);
      if (isLast) at = putBytes(out, at, this.#parts.lastMark);
    }
    return putBytes(out, at, dataEnd);
  }
}

const blank = 0x20;
const version = Buffer.from('>1 ');
const dataEnd = Buffer.from('"] ');
