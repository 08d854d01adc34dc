import { putRange } from '../../record/bytes.ts';
import { isPlain, plainEnd } from '../../record/plain.ts';
import { quote, textEnd } from './json-bytes.ts';
import { putJsonNumber } from './json-number.ts';
import { putJsonText } from './json-text.ts';
import { nil, no, putTextHeader, yes } from './msgpack.ts';

/** A longer text has a longer header; several of its bytes are looked at at once. */
const shortText = 31;
const shortHeader = 0xa0;

/** Bytes with which a number goes on: digits, signs, the point, the exponent's letter. */
const isOfNumber = new Uint8Array(256);
for (const letter of '0123456789+-.eE') isOfNumber[letter.charCodeAt(0)] = 1;

/** Writes JSON strings, numbers and words as msgpack. Each put returns the index after its bytes. */
export class JsonValues {
  bytes: Buffer = Buffer.alloc(0);
  /** The end of the object that holds all values: bytes follow each of them. */
  end = 0;
  out: Buffer = this.bytes;
  /** The index behind the JSON of the last value. */
  next = 0;

  /** The string whose first quote is at `at`. */
  putText(at: number, to: number): number {
    const { bytes, out } = this;
    const start = at + 1;
    let length = 0;
    for (let byte = bytes[start] as number; length <= shortText && isPlain[byte] === 1; ) {
      length += 1;
      out[to + length] = byte;
      byte = bytes[start + length] as number;
    }
    if (length > shortText || bytes[start + length] !== quote)
      return this.#putLongText(start, start + length, to);
    out[to] = shortHeader + length;
    this.next = start + length + 1;
    return to + length + 1;
  }

  /** A number, `true`, `false` or `null`. */
  put(at: number, to: number): number {
    switch (this.bytes[at]) {
      case 0x74:
        return this.#putForm(yes, at + 4, to);
      case 0x66:
        return this.#putForm(no, at + 5, to);
      case 0x6e:
        return this.#putForm(nil, at + 4, to);
      default:
        return this.#putNumber(at, to);
    }
  }

  /** The text from `start` on is plain up to `at`. */
  #putLongText(start: number, at: number, to: number): number {
    const { bytes, out } = this;
    const plain = plainEnd(bytes, at, this.end);
    const end = textEnd(bytes, plain, this.end);
    this.next = end + 1;
    if (end > plain) return putJsonText(out, to, bytes, start, end);
    return putRange(out, putTextHeader(out, to, end - start), bytes, start, end);
  }

  #putForm(form: number, next: number, to: number): number {
    this.out[to] = form;
    this.next = next;
    return to + 1;
  }

  #putNumber(at: number, to: number): number {
    const { bytes } = this;
    let end = at + 1;
    while (isOfNumber[bytes[end] as number] === 1) end += 1;
    this.next = end;
    return putJsonNumber(this.out, to, bytes, at, end);
  }
}
