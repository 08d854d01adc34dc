import type { Chunk, Line } from '../../frame/line.ts';
import { putBytes, putInteger } from '../../record/bytes.ts';
import { escapedLength, longestEscape, putEscaped } from '../../record/escape.ts';
import { JsonObjectScanner } from '../../record/json-object.ts';
import { LineTime } from '../../record/line-time.ts';
import type { Origin, RecordBatch, RecordOptions, RecordWriter } from '../../record/record-writer.ts';
import { Utf8Text } from '../../record/utf8-text.ts';
import {
  type Instant,
  instantOf,
  isAfter,
  nanosecondsRoom,
  nudge,
  putNanoseconds,
  readLineTime,
  setInstant,
} from '../instant.ts';
import { fixedMetadata, streamLabels } from './loki-labels.ts';
import { NextTime } from './next-time.ts';

/** All entries of one file. */
interface Stream {
  /** `{"stream":{…},"values":[` */
  readonly head: Buffer;
  /** The time of its last entry. */
  readonly last: Instant;
}

/** Rotation can make any number of new names; only those in use matter. */
const mostStreams = 1000;

/**
 * Writes entries as Loki's push API has them in JSON: `["<nanoseconds>","<line>",{"offset":"…"}],` in the group of
 * their stream, with the line as it is in the file. Works on bytes, as the NDJSON writer does.
 *
 * The time is that of the line, if it has one, and it only grows within a stream: Loki silently drops an entry with the
 * same time and line as another, and shows entries in the order of their times. A time later than now comes from a wrong
 * clock; it would move all later entries to the future.
 */
export class LokiWriter implements RecordWriter {
  readonly #options: RecordOptions;
  readonly #scanner = new JsonObjectScanner();
  readonly #text = new Utf8Text();
  readonly #streams = new Map<string, Stream>();
  /** `","node":"…",…,"offset":"` after the line. */
  readonly #metadata: Buffer;
  readonly #room: number;
  readonly #readAt: Instant = { seconds: 0, nanoseconds: 0 };
  readonly #time: Instant = { seconds: 0, nanoseconds: 0 };
  readonly #writtenAt: Instant = { seconds: 0, nanoseconds: 0 };
  readonly #lineTime: LineTime;
  readonly #next: NextTime;
  /** Later lines were written later. */
  #isAtEnd = true;
  #stream: Stream = { head: Buffer.alloc(0), last: { seconds: 0, nanoseconds: 0 } };

  constructor(options: RecordOptions) {
    this.#options = options;
    this.#lineTime = new LineTime(options);
    this.#next = new NextTime(options);
    const fixed = JSON.stringify(fixedMetadata(options)).slice(1, -1);
    this.#metadata = Buffer.from(`",{${fixed === '' ? '' : `${fixed},`}"offset":"`);
    this.#room = fixedRoom + nanosecondsRoom + this.#metadata.length;
  }

  begin(chunk: Chunk, from: number, { file, writtenMs, isAtEnd }: Origin): void {
    this.#text.begin(chunk, from);
    this.#next.begin(chunk);
    this.#lineTime.file = file;
    this.#isAtEnd = isAtEnd;
    this.#stream = this.#streamOf(file);
    const nowMs = this.#options.now();
    instantOf(nowMs, this.#readAt);
    instantOf(Math.min(nowMs, writtenMs), this.#writtenAt);
  }

  write(batch: RecordBatch, line: Line): boolean {
    const text = this.#text;
    text.take(line);
    const { bytes, start, end } = text;
    const length = end - start;
    // count the exact length only if the largest possible one does not fit
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

  /** Moves the stream's time to that of the given text. */
  #tell({ part, offset }: Line): void {
    const { last } = this.#stream;
    const { parse, onNotJson } = this.#options;
    const { bytes, start, end } = this.#text;
    const isObject = part === 0 && parse !== 'none' && this.#scanner.scan(bytes, start, end);
    if (!isObject && parse === 'json') onNotJson();
    const hasTime =
      isObject &&
      readLineTime(this.#lineTime, { bytes, scanner: this.#scanner }, this.#time) &&
      !isAfter(this.#time, this.#readAt);
    if (!hasTime) this.#estimate(offset);
    if (isAfter(this.#time, last)) setInstant(last, this.#time);
    else nudge(last, 1);
  }

  /**
   * A line without a time gets that of the line before it if a later line has its own: a later time could move that one.
   * If no later line has one, the file was written just now.
   */
  #estimate(offset: number): void {
    const { last } = this.#stream;
    const next = this.#next;
    const isFollowed = this.#options.parse !== 'none' && next.isFrom(offset);
    const isBetween = last.seconds > 0 && (isFollowed || !this.#isAtEnd);
    setInstant(this.#time, isBetween ? last : this.#writtenAt);
    if (isBetween || !isFollowed || isAfter(next.time, this.#writtenAt)) return;
    setInstant(this.#time, next.time);
    nudge(this.#time, -1);
  }

  #streamOf(file: string): Stream {
    const known = this.#streams.get(file);
    if (known !== undefined) this.#streams.delete(file);
    const labels = known === undefined ? JSON.stringify(streamLabels(this.#options, file)) : '';
    const stream = known ?? {
      head: Buffer.from(`{"stream":${labels},"values":[`),
      last: { seconds: 0, nanoseconds: 0 },
    };
    // keep the most recently used one last
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

/** The fixed text of an entry, and two whole numbers. */
const fixedRoom =
  entryStart.length + lineStart.length + partKey.length + lastMark.length + entryEnd.length + 40;
