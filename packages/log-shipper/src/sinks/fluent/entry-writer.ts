import { Encoder, encode } from '@msgpack/msgpack';
import type { Chunk, Line } from '../../frame/line.ts';
import { ownFields } from '../../record/json-object.ts';
import type { Origin, RecordBatch, RecordOptions, RecordWriter } from '../../record/record-writer.ts';
import { LineFacts } from '../line-facts.ts';
import { parseExactly } from './parse-exactly.ts';

/** Greatest nesting of a JSON line, and of the entry around it. */
const maxDepth = 502;
/** An array of two, and an EventTime: its extension's head, seconds and nanoseconds. */
const headLength = 11;
const lastSecond = 2 ** 32 - 1;

/** Writes entries of the Forward protocol, `[EventTime, record]` in msgpack, one behind the other. */
export class EntryWriter implements RecordWriter {
  readonly #options: RecordOptions;
  readonly #facts: LineFacts;
  readonly #encoder = new Encoder({ maxDepth, useBigInt64: true });
  readonly #fixed: Readonly<Record<string, unknown>>;
  /** Of all messages, in msgpack. */
  readonly #tag: Buffer;
  #file = '';

  constructor(options: RecordOptions, tag: string | undefined) {
    this.#options = options;
    this.#facts = new LineFacts(options);
    const { labels, pod } = options;
    this.#tag = Buffer.from(encode(tag ?? labels['app.kubernetes.io/name'] ?? labels['app'] ?? 'log'));
    const named = Object.entries({ labels, pod }).filter(([, values]) => Object.keys(values).length > 0);
    this.#fixed = Object.fromEntries(named);
  }

  begin(chunk: Chunk, from: number, { file }: Origin): void {
    this.#facts.begin(chunk, from, file);
    this.#file = file;
  }

  write(batch: RecordBatch, line: Line): boolean {
    this.#facts.take(line);
    const { isObject, hasTime, time, readAt } = this.#facts;
    // its own buffer, which is used again for the next
    const record = this.#encoder.encodeSharedRef(this.#record(line));
    if (!batch.reserve(headLength + record.length)) return false;
    batch.group(this.#tag);
    const out = batch.bytes;
    const start = batch.length;
    const { seconds, nanoseconds } = hasTime && time.seconds <= lastSecond ? time : readAt;
    out[start] = 0x92;
    out[start + 1] = 0xd7;
    out[start + 2] = 0;
    out.writeUInt32BE(seconds, start + 3);
    out.writeUInt32BE(nanoseconds, start + 7);
    out.set(record, start + headLength);
    batch.add(start + headLength + record.length);
    if (!isObject && this.#options.parse === 'json') this.#options.onNotJson();
    return true;
  }

  #record({ offset, part, isLast }: Line): Readonly<Record<string, unknown>> {
    const { bytes, start, end } = this.#facts.text;
    const text = bytes.toString('utf8', start, end);
    const own = { file: this.#file, offset, ...this.#fixed };
    if (this.#facts.isObject) return merged(own, parseExactly(text));
    const piece = part === 0 ? {} : { part, ...(isLast ? { last: true } : {}) };
    return { ...own, ...piece, message: text };
  }
}

/** The fields of the line keep their names, and ours give way by underscores. */
function merged(
  own: Readonly<Record<string, unknown>>,
  line: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (!ownFields.some((name) => Object.hasOwn(line, name))) return { ...own, ...line };
  const moved = Object.entries(own).map(([name, value]) => {
    let free = name;
    while (Object.hasOwn(line, free)) free = `_${free}`;
    return [free, value] as const;
  });
  return { ...Object.fromEntries(moved), ...line };
}
