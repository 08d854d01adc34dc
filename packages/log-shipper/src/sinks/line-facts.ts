import type { Chunk, Line } from '../frame/line.ts';
import { JsonObjectScanner } from '../record/json-object.ts';
import { levelOf, readLevelWord } from '../record/level.ts';
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
  /** The line's own word for its level: letters or digits; '' if it has none. */
  levelWord = '';
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
    const word = this.isObject ? readLevelWord(bytes, this.scanner) : '';
    this.level = levelOf(word);
    this.levelWord = this.level > 0 ? word : '';
  }
}
