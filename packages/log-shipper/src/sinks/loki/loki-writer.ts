import type { Chunk, Line } from '../../frame/line.ts';
import { putBytes, putInteger } from '../../record/bytes.ts';
import { escapedLength, longestEscape, putEscaped } from '../../record/escape.ts';
import { JsonObjectScanner } from '../../record/json-object.ts';
import { putLineTime } from '../../record/line-time.ts';
import type { RecordBatch, RecordOptions, RecordWriter } from '../../record/record-writer.ts';
import { timeRoom } from '../../record/time.ts';
import { Utf8Text } from '../../record/utf8-text.ts';
import { type Instant, isAfter, nanosecondsRoom, putNanoseconds, readInstant } from './instant.ts';
import { fixedMetadata, streamLabels } from './loki-labels.ts';

/** All entries of one file. */
interface Stream {
  /** `{"stream":{…},"values":[` */
  readonly head: Buffer;
  /** The time of its last entry. */
  readonly last: Instant;
}

/** Names of files are not bounded where rotation makes new ones; only those in use matter. */
const mostStreams = 1000;

/**
 * Writes entries as Loki's push API has them in JSON: `["<nanoseconds>","<line>",{"offset":"…"}],` in the
 * group of their stream, the line as it stands in the file. Works on bytes, as the NDJSON writer does.
 *
 * The time is that of the line where it has one, and it only grows within a stream: Loki silently drops an
 * entry of which it has the time and the line, and shows entries in the order of their times. What claims to
 * be from later than now has a wrong clock, which would take all that follows along.
 */
export class LokiWriter implements RecordWriter {
  readonly #options: RecordOptions;
  readonly #scanner = new JsonObjectScanner();
  readonly #text = new Utf8Text();
  readonly #streams = new Map<string, Stream>();
  /** `","node":"…",…,"offset":"` behind the line. */
  readonly #metadata: Buffer;
  readonly #room: number;
  readonly #readAt: Instant = { seconds: 0, nanoseconds: 0 };
  readonly #time: Instant = { seconds: 0, nanoseconds: 0 };
  readonly #scratch = Buffer.alloc(timeRoom);
  #stream: Stream = { head: Buffer.alloc(0), last: { seconds: 0, nanoseconds: 0 } };

  constructor(options: RecordOptions) {
    this.#options = options;
    const fixed = JSON.stringify(fixedMetadata(options)).slice(1, -1);
    this.#metadata = Buffer.from(`",{${fixed === '' ? '' : `${fixed},`}"offset":"`);
    this.#room = fixedRoom + nanosecondsRoom + this.#metadata.length;
  }

  begin(chunk: Chunk, from: number, file: string): void {
    this.#text.begin(chunk, from);
    this.#stream = this.#streamOf(file);
    const nowMs = this.#options.now();
    this.#readAt.seconds = Math.floor(nowMs / 1000);
    this.#readAt.nanoseconds = Math.floor((nowMs % 1000) * 1_000_000);
  }

  write(batch: RecordBatch, line: Line): boolean {
    const text = this.#text;
    text.take(line);
    const { bytes, start, end } = text;
    const length = end - start;
    // the exact length is only counted where the largest one would not do
    const fits = batch.length + this.#room + length * longestEscape <= batch.bytes.length;
    const size = this.#room + (fits ? length * longestEscape : escapedLength(bytes, start, end));
    if (!batch.reserve(size)) return false;
    batch.group(this.#stream.head);
    this.#tell(line);
    const out = batch.bytes;
    let at = putBytes(out, batch.length, entryStart);
    at = putBytes(out, putNanoseconds(out, at, this.#stream.last), lineStart);
    at = putBytes(out, putEscaped(out, at, bytes, start, end), this.#metadata);
    at = putInteger(out, at, line.offset);
    if (line.part > 0) {
      at = putInteger(out, putBytes(out, at, partKey), line.part);
      if (line.isLast) at = putBytes(out, at, lastMark);
    }
    batch.add(putBytes(out, at, entryEnd));
    return true;
  }

  /** Moves the stream's time to that of the text at hand. */
  #tell({ part }: Line): void {
    const { last } = this.#stream;
    const { parse, onNotJson } = this.#options;
    const { bytes, start, end } = this.#text;
    const isObject = part === 0 && parse !== 'none' && this.#scanner.scan(bytes, start, end);
    if (!isObject && parse === 'json') onNotJson();
    const time = isObject && this.#readLineTime(bytes) ? this.#time : this.#readAt;
    if (isAfter(time, last)) {
      last.seconds = time.seconds;
      last.nanoseconds = time.nanoseconds;
    } else if (++last.nanoseconds === 1_000_000_000) {
      last.seconds++;
      last.nanoseconds = 0;
    }
  }

  #readLineTime(bytes: Buffer): boolean {
    if (putLineTime(this.#scratch, 0, bytes, this.#scanner) < 0) return false;
    readInstant(this.#scratch, 0, this.#time);
    return this.#time.seconds >= 0 && !isAfter(this.#time, this.#readAt);
  }

  #streamOf(file: string): Stream {
    const known = this.#streams.get(file);
    if (known !== undefined) this.#streams.delete(file);
    const labels = known === undefined ? JSON.stringify(streamLabels(this.#options, file)) : '';
    const stream = known ?? {
      head: Buffer.from(`{"stream":${labels},"values":[`),
      last: { seconds: 0, nanoseconds: 0 },
    };
    // the one that was used last is the last one
    this.#streams.set(file, stream);
    const [oldest] = this.#streams.keys();
    if (oldest !== undefined && this.#streams.size > mostStreams) this.#streams.delete(oldest);
    return stream;
  }
}

const entryStart = Buffer.from('["');
const lineStart = Buffer.from('","');
const partKey = Buffer.from('","part":"');
const lastMark = Buffer.from('","last":"true');
const entryEnd = Buffer.from('"}],\n');

/** All that is fixed in an entry, and two whole numbers. */
const fixedRoom =
  entryStart.length + lineStart.length + partKey.length + lastMark.length + entryEnd.length + 40;
