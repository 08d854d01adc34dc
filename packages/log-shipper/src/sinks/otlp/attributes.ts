import { putBytes } from '../../record/bytes.ts';
import { anyValue, keyValue, logRecord } from './fields.ts';
import { bytesField, bytesFieldLength, putBytesTag, putVarintField, varintLength } from './wire.ts';

/** An attribute of a log record that is a whole number. */
export class IntegerAttribute {
  readonly #key: Buffer;

  constructor(name: string) {
    this.#key = bytesField(keyValue.key, name);
  }

  /** How many bytes `put` writes. */
  length(value: number): number {
    return bytesFieldLength(this.#key.length + bytesFieldLength(1 + varintLength(value)));
  }

  put(out: Buffer, at: number, value: number): number {
    const valueLength = 1 + varintLength(value);
    const content = this.#key.length + bytesFieldLength(valueLength);
    let to = putBytes(out, putBytesTag(out, at, logRecord.attributes, content), this.#key);
    to = putBytesTag(out, to, keyValue.value, valueLength);
    return putVarintField(out, to, anyValue.integer, value);
  }
}

/** An attribute whose value is text, as the field `field` of a message. */
export function textAttribute(field: number, name: string, value: string): Buffer {
  const content = bytesField(keyValue.value, bytesField(anyValue.text, value));
  return bytesField(field, bytesField(keyValue.key, name), content);
}
