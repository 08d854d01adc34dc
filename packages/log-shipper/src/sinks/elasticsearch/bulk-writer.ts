import type { Chunk, Line } from '../../frame/line.ts';
import { putBytes } from '../../record/bytes.ts';
import { JsonObjectScanner, timeFields } from '../../record/json-object.ts';
import { NdjsonWriter } from '../../record/ndjson-writer.ts';
import type { Origin, RecordBatch, RecordOptions, RecordWriter } from '../../record/record-writer.ts';

/**
 * Writes records as pairs of lines for `_bulk`: `{"create":{"_id":"…"}}`, and the NDJSON record with our `time` as
 * `@timestamp`, which data streams want. The id is made with the record, so that it is the same when the batch is
 * sent again after an answer was lost: Elasticsearch then answers 409, and the record is there once.
 */
export class BulkWriter implements RecordWriter {
  readonly #records: NdjsonWriter;
  readonly #pair: Pair;

  /** @param idPrefix no other writer has it */
  constructor(options: RecordOptions, idPrefix: string) {
    this.#records = new NdjsonWriter(options);
    this.#pair = new Pair(idPrefix);
  }

  begin(chunk: Chunk, from: number, origin: Origin): void {
    this.#records.begin(chunk, from, origin);
  }

  write(batch: RecordBatch, line: Line): boolean {
    this.#pair.of(batch);
    return this.#records.write(this.#pair, line);
  }
}

const ownTime = Buffer.from('"@timestamp"');
const renamed = Buffer.from('{"@timestamp"');
const time = Buffer.from('{"time"');
const spare = renamed.length - time.length;
const space = 0x20;
const underscore = 0x5f;

/** A batch as the record's writer sees it: its bytes go after the action of the record. */
class Pair implements RecordBatch {
  readonly #scanner = new JsonObjectScanner();
  readonly #idPrefix: string;
  #batch: RecordBatch | undefined;
  #action = Buffer.alloc(0);
  #id = 0;

  constructor(idPrefix: string) {
    this.#idPrefix = idPrefix;
  }

  of(batch: RecordBatch): void {
    this.#batch = batch;
    this.#action = Buffer.from(`{"create":{"_id":"${this.#idPrefix}${this.#id.toString(36)}"}}\n`);
  }

  get #target(): RecordBatch {
    if (this.#batch === undefined) throw new TypeError('no batch');
    return this.#batch;
  }

  get bytes(): Buffer {
    return this.#target.bytes;
  }

  /** Where the record begins. */
  get length(): number {
    return this.#target.length + this.#action.length + spare;
  }

  group(head: Buffer): void {
    this.#target.group(head);
  }

  reserve(size: number): boolean {
    return this.#target.reserve(size + this.#action.length + spare);
  }

  add(end: number): void {
    const { bytes, length } = this.#target;
    const start = putBytes(bytes, length, this.#action);
    const record = this.length;
    bytes.fill(space, start, record);
    if (!this.#hasOwnTime(bytes, record, end)) rename(bytes, record);
    this.#target.add(end);
    this.#id++;
  }

  /** A name must not stand in an object twice: the line's own stays, and ours stays `time`. */
  #hasOwnTime(bytes: Buffer, start: number, end: number): boolean {
    const text = bytes.subarray(start, end);
    if (text.indexOf(ownTime) < 0) return false;
    const isObject = this.#scanner.scan(bytes, start, end - 1);
    return isObject && (this.#scanner.timeStart[ownTimeField] ?? -1) >= 0;
  }
}

const ownTimeField = timeFields.indexOf('@timestamp');

/** `      {"time":` becomes `{"@timestamp":`, and `{"_time":`, where the line has a `time` of its own, as well. */
function rename(bytes: Buffer, record: number): void {
  let at = record + 2;
  while (bytes[at] === underscore) at++;
  const start = at + time.length - 2 - renamed.length;
  bytes.fill(space, record, start);
  putBytes(bytes, start, renamed);
}
