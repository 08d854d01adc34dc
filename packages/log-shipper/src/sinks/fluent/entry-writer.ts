import { encode } from '@msgpack/msgpack';
import type { Chunk, Line } from '../../frame/line.ts';
import { putBytes, putRange } from '../../record/bytes.ts';
import type { Origin, RecordBatch, RecordOptions, RecordWriter } from '../../record/record-writer.ts';
import { LineFacts } from '../line-facts.ts';
import { EntryHead } from './entry-head.ts';
import { JsonToMsgpack, mostBytesPerByte } from './json-to-msgpack.ts';
import { headerRoom, map, putHeader, putInteger, putTextHeader } from './msgpack.ts';

/** An array of two, and an EventTime: its extension's head, seconds and nanoseconds. */
const timeLength = 11;
const lastSecond = 2 ** 32 - 1;

/** Writes entries of the Forward protocol, `[EventTime, record]` in msgpack, one behind the other. */
export class EntryWriter implements RecordWriter {
  readonly #options: RecordOptions;
  readonly #facts: LineFacts;
  readonly #json = new JsonToMsgpack();
  readonly #head: EntryHead;
  /** Of all messages, in msgpack. */
  readonly #tag: Buffer;

  constructor(options: RecordOptions, tag: string | undefined) {
    this.#options = options;
    this.#facts = new LineFacts(options);
    this.#head = new EntryHead(options);
    const { labels } = options;
    this.#tag = Buffer.from(encode(tag ?? labels['app.kubernetes.io/name'] ?? labels['app'] ?? 'log'));
  }

  begin(chunk: Chunk, from: number, { file }: Origin): void {
    this.#facts.begin(chunk, from, file);
    this.#head.begin(file);
  }

  write(batch: RecordBatch, line: Line): boolean {
    const facts = this.#facts;
    facts.take(line);
    const { isObject, scanner, text } = facts;
    const length = isObject ? (scanner.close - scanner.open) * mostBytesPerByte : text.end - text.start;
    if (!batch.reserve(timeLength + headerRoom + this.#head.room + messageRoom + length)) return false;
    batch.group(this.#tag);
    const out = batch.bytes;
    const at = this.#putTime(out, batch.length);
    batch.add(isObject ? this.#putObject(out, at, line.offset) : this.#putMessage(out, at, line));
    if (!isObject && this.#options.parse === 'json') this.#options.onNotJson();
    return true;
  }

  #putTime(out: Buffer, at: number): number {
    const { hasTime, time, readAt } = this.#facts;
    const { seconds, nanoseconds } = hasTime && time.seconds <= lastSecond ? time : readAt;
    out[at] = 0x92;
    out[at + 1] = 0xd7;
    out[at + 2] = 0;
    out.writeUInt32BE(seconds, at + 3);
    return out.writeUInt32BE(nanoseconds, at + 7);
  }

  /** The fields of the line keep their names, and ours give way by underscores. */
  #putObject(out: Buffer, at: number, offset: number): number {
    const { bytes } = this.#facts.text;
    const { open, close, taken, hasTaken } = this.#facts.scanner;
    const fieldsAt = hasTaken
      ? this.#head.putBeside(out, at + 1, offset, taken)
      : this.#head.put(out, at + 1, offset);
    const end = this.#json.putFields(out, fieldsAt, bytes, open, close);
    return putHeader(out, at, end, map, this.#head.count + this.#json.count);
  }

  #putMessage(out: Buffer, at: number, { offset, part, isLast }: Line): number {
    const { bytes, start, end } = this.#facts.text;
    let count = this.#head.count + 1;
    let to = this.#head.put(out, at + 1, offset);
    if (part > 0) {
      to = putInteger(out, putBytes(out, to, partKey), part);
      if (isLast) to = putBytes(out, to, lastMark);
      count += isLast ? 2 : 1;
    }
    to = putTextHeader(out, putBytes(out, to, messageKey), end - start);
    return putHeader(out, at, putRange(out, to, bytes, start, end), map, count);
  }
}

const partKey = Buffer.from(encode('part'));
const lastMark = Buffer.concat([encode('last'), encode(true)]);
const messageKey = Buffer.from(encode('message'));
/** With the header of a text, and a number. */
const messageRoom = partKey.length + 9 + lastMark.length + messageKey.length + headerRoom;
