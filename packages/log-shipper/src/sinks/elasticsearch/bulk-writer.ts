import type { Chunk, Line } from '../../frame/line.ts';
import { putBytes, putInteger, putRange } from '../../record/bytes.ts';
import { timeFields } from '../../record/json-object.ts';
import { NdjsonWriter } from '../../record/ndjson-writer.ts';
import type { Origin, RecordBatch, RecordOptions, RecordWriter } from '../../record/record-writer.ts';

/**
 * Writes records as pairs of lines for `_bulk`: `{"create":{"_id":"…"}}`, and the NDJSON record with our `time` as
 * `@timestamp`, which data streams require. The id is made with the record, so that it is the same when the batch is
 * sent again after an answer was lost: Elasticsearch then answers 409, and the record is there once.
 */
export class BulkWriter implements RecordWriter {
  readonly #records: NdjsonWriter;
  readonly #pair: Pair;

  /** @param idPrefix no other writer has it */
  constructor(options: RecordOptions, idPrefix: string) {
    this.#records = new NdjsonWriter(options);
    this.#pair = new Pair(this.#records, idPrefix);
  }

  begin(chunk: Chunk, from: number, origin: Origin): void {
    this.#records.begin(chunk, from, origin);
  }

  write(batch: RecordBatch, line: Line): boolean {
    this.#pair.begin(batch);
    return this.#records.write(this.#pair, line);
  }
}

const ownTime = timeFields.indexOf('@timestamp');
const renamed = Buffer.from('{"@timestamp"');
const time = Buffer.from('{"time"');
const spare = renamed.length - time.length;
const actionEnd = Buffer.from('"}}\n');
/** Of a safe integer. */
const mostDigits = 16;
const space = 0x20;
const underscore = 0x5f;

/** The batch as the writer of records sees it: a record's bytes go after its action. */
class Pair implements RecordBatch {
  readonly #records: NdjsonWriter;
  #batch: RecordBatch | undefined;
  #id = 0;
  /** `{"create":{"_id":"prefix0"}}` and a newline; the number from `#idAt` on is that of the next record. */
  readonly #action: Buffer;
  readonly #idAt: number;
  #actionLength = 0;

  constructor(records: NdjsonWriter, idPrefix: string) {
    this.#records = records;
    const start = Buffer.from(`{"create":{"_id":"${idPrefix}`);
    this.#idAt = start.length;
    this.#action = Buffer.concat([start, Buffer.alloc(mostDigits + actionEnd.length)]);
  }

  /** The next record is for this batch. */
  begin(batch: RecordBatch): void {
    this.#batch = batch;
    const idEnd = putInteger(this.#action, this.#idAt, this.#id);
    this.#actionLength = putBytes(this.#action, idEnd, actionEnd);
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
    return this.#target.length + this.#actionLength + spare;
  }

  group(head: Buffer): void {
    this.#target.group(head);
  }

  reserve(size: number): boolean {
    return this.#target.reserve(size + this.#actionLength + spare);
  }

  add(end: number): void {
    const { bytes, length } = this.#target;
    const start = putRange(bytes, length, this.#action, 0, this.#actionLength);
    const record = this.length;
    for (let at = start; at < record; at++) bytes[at] = space;
    // a name must not stand in an object twice: the line's own stays, and ours stays `time`
    if (!this.#records.hasTimeField(ownTime)) rename(bytes, record);
    this.#target.add(end);
    this.#id++;
  }
}

/** `      {"time":` becomes `{"@timestamp":`, and `{"_time":`, where the line has a `time` of its own, as well. */
function rename(bytes: Buffer, record: number): void {
  let at = record + 2;
  while (bytes[at] === underscore) at++;
  const start = at + time.length - 2 - renamed.length;
  for (let index = record; index < start; index++) bytes[index] = space;
  putBytes(bytes, start, renamed);
}
