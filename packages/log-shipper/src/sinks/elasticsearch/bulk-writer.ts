import type { Chunk, Line } from '../../frame/line.ts';
import { putBytes, putInteger } from '../../record/bytes.ts';
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
    this.#pair.batch = batch;
    return this.#records.write(this.#pair, line);
  }
}

const ownTime = timeFields.indexOf('@timestamp');
const renamed = Buffer.from('{"@timestamp"');
const time = Buffer.from('{"time"');
const spare = renamed.length - time.length;
const actionEnd = Buffer.from('"}}\n');
const space = 0x20;
const underscore = 0x5f;

/** The batch as the writer of records sees it: a record's bytes go after its action. */
class Pair implements RecordBatch {
  batch: RecordBatch | undefined;
  readonly #records: NdjsonWriter;
  /** `{"create":{"_id":"prefix` */
  readonly #actionStart: Buffer;
  #id = 0;
  /** Bytes of an action with the current number of digits, and from which id on it has one more. */
  #actionLength: number;
  #longerFrom = 10;

  constructor(records: NdjsonWriter, idPrefix: string) {
    this.#records = records;
    this.#actionStart = Buffer.from(`{"create":{"_id":"${idPrefix}`);
    this.#actionLength = this.#actionStart.length + 1 + actionEnd.length;
  }

  get #target(): RecordBatch {
    if (this.batch === undefined) throw new TypeError('no batch');
    return this.batch;
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
    const start = putBytes(
      bytes,
      putInteger(bytes, putBytes(bytes, length, this.#actionStart), this.#id),
      actionEnd,
    );
    const record = this.length;
    for (let at = start; at < record; at++) bytes[at] = space;
    // a name must not stand in an object twice: the line's own stays, and ours stays `time`
    if (!this.#records.hasTimeField(ownTime)) rename(bytes, record);
    this.#target.add(end);
    this.#countUp();
  }

  #countUp(): void {
    if (++this.#id < this.#longerFrom) return;
    this.#longerFrom *= 10;
    this.#actionLength++;
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
