import { basename } from 'node:path';
import type { Chunk, Line } from '../../frame/line.ts';
import { putBytes, putInteger, putRange } from '../../record/bytes.ts';
import { escapedLength, longestEscape, putEscaped } from '../../record/escape.ts';
import type { Origin, RecordBatch, RecordOptions, RecordWriter } from '../../record/record-writer.ts';
import { nanosecondsRoom, putNanoseconds } from '../instant.ts';
import { LineFacts } from '../line-facts.ts';
import { scopeName } from './encoding.ts';
import { attribute } from './fields.ts';
import { resourceAttributes } from './resource.ts';

/** The names, braces and numbers of a record, without those of the file. */
const fixedRoom = 2 * nanosecondsRoom + 500;

/** Writes lines as LogRecords in OTLP's JSON, each `{…},` and a newline. The body is the line as it is. */
export class JsonWriter implements RecordWriter {
  readonly #options: RecordOptions;
  readonly #facts: LineFacts;
  /** `{"resourceLogs":[{"resource":…,"scopeLogs":[{"scope":…,"logRecords":[` */
  readonly #head: Buffer;
  /** `"},"attributes":[…,{"key":"log.file.record_offset","value":{"intValue":"` */
  #afterBody = Buffer.alloc(0);

  constructor(options: RecordOptions) {
    this.#options = options;
    this.#facts = new LineFacts(options);
    const attributes = Object.entries(resourceAttributes(options)).map(([name, value]) =>
      textAttribute(name, value),
    );
    const resource = `"resource":{"attributes":[${attributes.join()}]}`;
    const scope = `"scopeLogs":[{"scope":{"name":"${scopeName}"},"logRecords":[`;
    this.#head = Buffer.from(`{"resourceLogs":[{${resource},${scope}`);
  }

  begin(chunk: Chunk, from: number, { file }: Origin): void {
    this.#facts.begin(chunk, from, file);
    const texts = [textAttribute(attribute.path, file), textAttribute(attribute.name, basename(file))];
    const offset = `{"key":"${attribute.offset}","value":{"intValue":"`;
    this.#afterBody = Buffer.from(`"},"attributes":[${texts.join()},${offset}`);
  }

  write(batch: RecordBatch, line: Line): boolean {
    const facts = this.#facts;
    facts.take(line);
    const { bytes, start, end } = facts.text;
    const room = fixedRoom + this.#afterBody.length;
    const length = end - start;
    // count the exact length only if the largest possible one does not fit
    const fits = batch.length + room + length * longestEscape <= batch.bytes.length;
    if (!batch.reserve(room + (fits ? length * longestEscape : escapedLength(bytes, start, end))))
      return false;
    batch.group(this.#head);
    const out = batch.bytes;
    let at = putEscaped(out, this.#putHead(out, batch.length), bytes, start, end);
    at = putInteger(out, putBytes(out, at, this.#afterBody), line.offset);
    if (line.part > 0) {
      at = putInteger(out, putBytes(out, at, partKey), line.part);
      if (line.isLast) at = putBytes(out, at, lastMark);
    }
    batch.add(putBytes(out, at, recordEnd));
    if (!facts.isObject && this.#options.parse === 'json') this.#options.onNotJson();
    return true;
  }

  /** Writes a record up to the text of the body. */
  #putHead(out: Buffer, start: number): number {
    const { hasTime, time, readAt, level, wordStart, wordEnd, text } = this.#facts;
    let at = start;
    if (hasTime) at = putNanoseconds(out, putBytes(out, at, timeKey), time);
    at = putBytes(out, at, hasTime ? observedKey : onlyObservedKey);
    at = putBytes(out, putNanoseconds(out, at, readAt), quote);
    if (level > 0) {
      at = putInteger(out, putBytes(out, at, severityKey), level);
      at = putBytes(out, at, severityTextKey);
      at = putBytes(out, putRange(out, at, text.bytes, wordStart, wordEnd), quote);
    }
    return putBytes(out, at, bodyKey);
  }
}

const timeKey = Buffer.from('{"timeUnixNano":"');
const observedKey = Buffer.from('","observedTimeUnixNano":"');
const onlyObservedKey = Buffer.from('{"observedTimeUnixNano":"');
const quote = Buffer.from('"');
const severityKey = Buffer.from(',"severityNumber":');
const severityTextKey = Buffer.from(',"severityText":"');
const bodyKey = Buffer.from(',"body":{"stringValue":"');
const partKey = Buffer.from(`"}},{"key":"${attribute.part}","value":{"intValue":"`);
const lastMark = Buffer.from(`"}},{"key":"${attribute.last}","value":{"stringValue":"true`);
const recordEnd = Buffer.from('"}}]},\n');

/** An attribute whose value is text. */
function textAttribute(name: string, value: string): string {
  return `{"key":${JSON.stringify(name)},"value":{"stringValue":${JSON.stringify(value)}}}`;
}
