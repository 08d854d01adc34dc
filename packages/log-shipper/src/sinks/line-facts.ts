import type { Chunk, Line } from '../frame/line.ts';
import { JsonObjectScanner } from '../record/json-object.ts';
import { levelOf, levelWordEnd, levelWordStart } from '../record/level.ts';
import { LineTime } from '../record/line-time.ts';
import type { RecordOptions } from '../record/record-writer.ts';
import { Utf8Text } from '../record/utf8-text.ts';
import { type Instant, instantOf, readLineTime } from './instant.ts';

type FactsOptions = Pick<RecordOptions, 'parse' | 'now' | 'timeZone' | 'timeFormat' | 'onUnreadTime'>;

/** Facts about a line, for backends with fields of their own. One object serves line after line. */
export class LineFacts {
  readonly text = new Utf8Text();
  /** Time of the line, if `hasTime`. */
  readonly time: Instant = { seconds: 0, nanoseconds: 0 };
  hasTime = false;
  /** When the chunk was read. */
  readonly readAt: Instant = { seconds: 0, nanoseconds: 0 };
  isObject = false;
  /** Facts of the object's fields; valid only if `isObject`. */
  readonly scanner = new JsonObjectScanner();
  /** Severity as OpenTelemetry counts; 0 if the line has none. */
  level = 0;
  /** Where the line's own word for it starts and ends in `text.bytes`: letters or digits. Only if it has a level. */
  wordStart = 0;
  wordEnd = 0;
  readonly #lineTime: LineTime;
  readonly #options: FactsOptions;

  constructor(options: FactsOptions) {
    this.#options = options;
    this.#lineTime = new LineTime(options);
  }

  begin(chunk: Chunk, from: number, file: string): void {
    this.#lineTime.file = file;
    this.text.begin(chunk, from);
    instantOf(this.#options.now(), this.readAt);
  }

  take(line: Line): void {
    this.text.take(line);
    const { bytes, start, end } = this.text;
    this.isObject = line.part === 0 && this.#options.parse !== 'none' && this.scanner.scan(bytes, start, end);
    const object = { bytes, scanner: this.scanner };
    this.hasTime = this.isObject && readLineTime(this.#lineTime, object, this.time);
    this.level = this.isObject ? levelOf(bytes, this.scanner) : 0;
    if (this.level === 0) return;
    this.wordStart = levelWordStart(bytes, this.scanner);
    this.wordEnd = levelWordEnd(bytes, this.scanner);
  }
}
