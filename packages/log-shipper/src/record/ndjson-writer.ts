import type { Chunk, Line } from '../frame/line.ts';
import { putBytes, putInteger, putRange } from './bytes.ts';
import { escapedLength, longestEscape, putEscaped } from './escape.ts';
import { JsonObjectScanner, ownFields } from './json-object.ts';
import { LineTime } from './line-time.ts';
import type { Identity, Origin, RecordBatch, RecordOptions, RecordWriter } from './record-writer.ts';
import { putNow } from './time/calendar.ts';
import { timeRoom } from './time.ts';
import { Utf8Text } from './utf8-text.ts';

const field = { time: 0, file: 1, offset: 2, labels: 3, pod: 4 } as const;

/** Names, quotes, digits and underscores of a record's head, without the parts that depend on the file. */
const fixedRoom = 400;

/**
 * Writes records as NDJSON: the record's own fields, then the line's fields as they are, or its text as `message`.
 * Works on bytes: a line is decoded only if it is not UTF-8.
 */
export class NdjsonWriter implements RecordWriter {
  readonly #parse: RecordOptions['parse'];
  readonly #onNotJson: () => void;
  readonly #now: () => number;
  readonly #scanner = new JsonObjectScanner();
  /** `,"labels":{…},"pod":{…}`, as far as they are set. */
  readonly #tail: Buffer;
  readonly #labels: Buffer | undefined;
  readonly #pod: Buffer | undefined;
  /** The time of reading. */
  readonly #time = Buffer.alloc(timeRoom);
  #timeLength = 0;

  readonly #text = new Utf8Text();
  readonly #lineTime: LineTime;
  #isObject = false;
  #file = Buffer.alloc(0);
  /** `{"time":"…","file":"…","offset":` with the time of reading. */
  #head = Buffer.alloc(0);
  /** `","file":"…","offset":` */
  #middle = Buffer.alloc(0);
  #headRoom = 0;

  constructor(options: RecordOptions) {
    const { labels, pod, parse, onNotJson, now } = options;
    this.#lineTime = new LineTime(options);
    this.#parse = parse;
    this.#onNotJson = onNotJson;
    this.#now = now;
    this.#labels = jsonUnlessEmpty(labels);
    this.#pod = jsonUnlessEmpty(pod);
    const tail = [
      this.#labels && `,"labels":${this.#labels.toString()}`,
      this.#pod && `,"pod":${this.#pod.toString()}`,
    ];
    this.#tail = Buffer.from(tail.join(''));
  }

  begin(chunk: Chunk, from: number, { file }: Origin): void {
    this.#text.begin(chunk, from);
    this.#lineTime.file = file;
    const text = JSON.stringify(file);
    this.#timeLength = putNow(this.#time, 0, this.#now());
    const time = this.#time.toString('latin1', 0, this.#timeLength);
    this.#file = Buffer.from(text);
    this.#head = Buffer.from(`{"time":"${time}","file":${text},"offset":`);
    this.#middle = Buffer.from(`","file":${text},"offset":`);
    this.#headRoom = fixedRoom + timeRoom + this.#head.length + this.#tail.length;
  }

  /** Whether the last line is a JSON object with this one of `timeFields`. */
  hasTimeField(index: number): boolean {
    return this.#isObject && (this.#scanner.timeStart[index] ?? -1) >= 0;
  }

  write(batch: RecordBatch, line: Line): boolean {
    this.#text.take(line);
    const { bytes, start, end } = this.#text;
    const { offset } = line;
    this.#isObject = line.part === 0 && this.#parse !== 'none' && this.#scanner.scan(bytes, start, end);
    if (this.#isObject) return this.#writeObject(batch, bytes, offset);
    const length = end - start;
    // count the exact length only if the largest possible one does not fit
    const fits = batch.length + this.#headRoom + length * longestEscape <= batch.bytes.length;
    const size = this.#headRoom + (fits ? length * longestEscape : escapedLength(bytes, start, end));
    if (!batch.reserve(size)) return false;
    const out = batch.bytes;
    let at = putInteger(out, putBytes(out, batch.length, this.#head), offset);
    if (line.part > 0) at = putPart(out, at, line);
    at = putBytes(out, at, messageKey);
    at = putEscaped(out, at, bytes, start, end);
    out[at++] = quote;
    at = putBytes(out, at, this.#tail);
    batch.add(putBytes(out, at, recordEnd));
    if (this.#parse === 'json') this.#onNotJson();
    return true;
  }

  #writeObject(batch: RecordBatch, bytes: Buffer, offset: number): boolean {
    const { open, close, isEmpty } = this.#scanner;
    if (!batch.reserve(this.#headRoom + close - open)) return false;
    const out = batch.bytes;
    let at = this.#putHead(out, batch.length, bytes, offset);
    if (!isEmpty) out[at++] = comma;
    at = putRange(out, at, bytes, open + 1, close);
    out[at++] = newline;
    batch.add(at);
    return true;
  }

  /** The record's own fields, up to the fields of the line. */
  #putHead(out: Buffer, start: number, bytes: Buffer, offset: number): number {
    const scanner = this.#scanner;
    if (!scanner.hasTime && !scanner.hasTaken) {
      return putBytes(out, putInteger(out, putBytes(out, start, this.#head), offset), this.#tail);
    }
    out[start] = openBrace;
    let at = putName(out, start + 1, field.time, scanner.taken);
    out[at++] = quote;
    const timeEnd = this.#lineTime.put(out, at, bytes, scanner);
    at = timeEnd < 0 ? putRange(out, at, this.#time, 0, this.#timeLength) : timeEnd;
    if (!scanner.hasTaken) {
      return putBytes(out, putInteger(out, putBytes(out, at, this.#middle), offset), this.#tail);
    }
    out[at++] = quote;
    out[at++] = comma;
    at = putBytes(out, putName(out, at, field.file, scanner.taken), this.#file);
    out[at++] = comma;
    at = putInteger(out, putName(out, at, field.offset, scanner.taken), offset);
    if (this.#labels !== undefined) {
      out[at++] = comma;
      at = putBytes(out, putName(out, at, field.labels, scanner.taken), this.#labels);
    }
    if (this.#pod !== undefined) {
      out[at++] = comma;
      at = putBytes(out, putName(out, at, field.pod, scanner.taken), this.#pod);
    }
    return at;
  }
}

const quote = 0x22;
const comma = 0x2c;
const newline = 0x0a;
const openBrace = 0x7b;
const messageKey = Buffer.from(',"message":"');
const recordEnd = Buffer.from('}\n');

/** `"name":`, after as many underscores as make the name free. */
function putName(out: Buffer, start: number, index: number, taken: Uint32Array): number {
  const name = names[index] as Buffer;
  let at = start;
  out[at++] = quote;
  let bits = taken[index] ?? 0;
  for (; (bits & 1) === 1; bits >>>= 1) out[at++] = 0x5f;
  return putBytes(out, at, name);
}

const names = ownFields.map((name) => Buffer.from(`${name}":`));

/** `,"part":2`, and for the last one `,"last":true`. */
function putPart(out: Buffer, start: number, line: Line): number {
  const at = putInteger(out, putBytes(out, start, partKey), line.part);
  return line.isLast ? putBytes(out, at, lastMark) : at;
}

const partKey = Buffer.from(',"part":');
const lastMark = Buffer.from(',"last":true');

function jsonUnlessEmpty(fields: Identity['labels']): Buffer | undefined {
  return Object.keys(fields).length === 0 ? undefined : Buffer.from(JSON.stringify(fields));
}
