import { basename } from 'node:path';
import type { Chunk, Line } from '../../frame/line.ts';
import { putBytes, putRange } from '../../record/bytes.ts';
import type { Origin, RecordBatch, RecordOptions, RecordWriter } from '../../record/record-writer.ts';
import { LineFacts } from '../line-facts.ts';
import { IntegerAttribute, textAttribute } from './attributes.ts';
import { anyValue, attribute, logRecord, resource, resourceLogs, scopeLogs } from './fields.ts';
import { resourceAttributes } from './resource.ts';
import {
  bytesField,
  bytesFieldLength,
  nanosecondsFieldLength,
  putBytesTag,
  putNanosecondsField,
  putVarintField,
} from './wire.ts';

/** Writes lines as LogRecords in protobuf, each as a field of ScopeLogs. The body is the line as it is. */
export class ProtobufWriter implements RecordWriter {
  readonly #options: RecordOptions;
  readonly #facts: LineFacts;
  readonly #offset = new IntegerAttribute(attribute.offset);
  readonly #part = new IntegerAttribute(attribute.part);
  readonly #last = textAttribute(logRecord.attributes, attribute.last, 'true');
  readonly #resource: Buffer;
  #file: string | undefined;
  /** Attributes of all records of a file. */
  #fixed = Buffer.alloc(0);

  constructor(options: RecordOptions) {
    this.#options = options;
    this.#facts = new LineFacts(options);
    const attributes = Object.entries(resourceAttributes(options)).map(([name, value]) =>
      textAttribute(resource.attributes, name, value),
    );
    this.#resource = bytesField(resourceLogs.resource, ...attributes);
  }

  begin(chunk: Chunk, from: number, { file }: Origin): void {
    this.#facts.begin(chunk, from, file);
    if (file === this.#file) return;
    this.#file = file;
    this.#fixed = Buffer.concat([
      textAttribute(logRecord.attributes, attribute.path, file),
      textAttribute(logRecord.attributes, attribute.name, basename(file)),
    ]);
  }

  write(batch: RecordBatch, line: Line): boolean {
    const facts = this.#facts;
    facts.take(line);
    const { isObject, level, wordStart, wordEnd, hasTime, time, readAt, text } = facts;
    const { bytes, start, end } = text;
    const value = bytesFieldLength(end - start);
    const length = this.#length(line);
    if (!batch.reserve(bytesFieldLength(length))) return false;
    batch.group(this.#resource);
    const out = batch.bytes;
    let at = putBytesTag(out, batch.length, scopeLogs.logRecords, length);
    if (hasTime) at = putNanosecondsField(out, at, logRecord.time, time);
    at = putNanosecondsField(out, at, logRecord.observedTime, readAt);
    if (level > 0) {
      at = putVarintField(out, at, logRecord.severityNumber, level);
      at = putBytesTag(out, at, logRecord.severityText, wordEnd - wordStart);
      at = putRange(out, at, bytes, wordStart, wordEnd);
    }
    at = putBytesTag(out, at, logRecord.body, value);
    at = putRange(out, putBytesTag(out, at, anyValue.text, end - start), bytes, start, end);
    at = this.#offset.put(out, putBytes(out, at, this.#fixed), line.offset);
    if (line.part > 0) at = this.#part.put(out, at, line.part);
    if (line.part > 0 && line.isLast) at = putBytes(out, at, this.#last);
    batch.add(at);
    if (!isObject && this.#options.parse === 'json') this.#options.onNotJson();
    return true;
  }

  /** Length of the current record, without its own tag. */
  #length({ offset, part, isLast }: Line): number {
    const { hasTime, level, wordStart, wordEnd, text } = this.#facts;
    const times = hasTime ? 2 * nanosecondsFieldLength : nanosecondsFieldLength;
    const severity = level > 0 ? 2 + bytesFieldLength(wordEnd - wordStart) : 0;
    const body = bytesFieldLength(bytesFieldLength(text.end - text.start));
    const pieces = part > 0 ? this.#part.length(part) + (isLast ? this.#last.length : 0) : 0;
    return times + severity + body + this.#fixed.length + this.#offset.length(offset) + pieces;
  }
}
