import { closeBrace, closeBracket, comma, openBrace, openBracket, quote, skipBlank } from './json-bytes.ts';
import { JsonValues } from './json-values.ts';
import { KeyCheck } from './key-check.ts';
import { array, map, putHeader } from './msgpack.ts';

/**
 * The most bytes of msgpack for one byte of JSON: 0.5 takes nine. Any other number takes fewer than three for each
 * of its bytes; a text of n bytes takes n + 5 at most, and n + 2 or more in JSON; and the header of a collection is no
 * longer than its brackets, commas and colons.
 */
export const mostBytesPerByte = 3;

/**
 * Writes JSON objects as msgpack, from bytes to bytes, without objects and strings in between. The JSON must have been
 * checked. If an object repeats a key, the last value counts, as it does for `JSON.parse`.
 */
export class JsonToMsgpack {
  /** How many fields the last object had. */
  count = 0;
  readonly #keys = new KeyCheck();
  readonly #values = new JsonValues();

  /** Writes keys and values of the object at `open` to `close`, without the map's header. Returns the index behind. */
  putFields(out: Buffer, at: number, bytes: Buffer, open: number, close: number): number {
    this.#values.out = out;
    this.#values.bytes = bytes;
    this.#values.end = close;
    this.#keys.begin();
    const to = this.#fields(open, at);
    return this.#keys.mayRepeat ? this.#lastFields(open, at) : to;
  }

  /** Each of the following takes the index of a value's first byte and the index to write to; it returns the next one. */
  #fields(open: number, at: number): number {
    const values = this.#values;
    const { bytes } = values;
    const object = this.#keys.open();
    let to = at;
    let count = 0;
    let index = skipBlank(bytes, open + 1);
    while (bytes[index] !== closeBrace) {
      to = this.#key(object, index, to);
      index = afterColon(bytes, values.next);
      to = bytes[index] === quote ? values.putText(index, to) : this.#value(index, to);
      count += 1;
      index = afterComma(bytes, values.next);
    }
    values.next = index + 1;
    this.count = count;
    return to;
  }

  /** Slower: writes each key once, where it was first, with its last value. */
  #lastFields(open: number, at: number): number {
    const values = this.#values;
    const { bytes, out } = values;
    const fields: Fields = new Map();
    let to = at;
    let count = 0;
    let index = skipBlank(bytes, open + 1);
    while (bytes[index] !== closeBrace) {
      const start = values.putText(index, to);
      const key = out.toString('latin1', to, start);
      to = this.#value(afterColon(bytes, values.next), start);
      fields.set(key, { start, end: to });
      count += 1;
      index = afterComma(bytes, values.next);
    }
    values.next = index + 1;
    this.count = fields.size;
    return fields.size === count ? to : at + inOrder(out, fields).copy(out, at);
  }

  #items(open: number, at: number): number {
    const values = this.#values;
    const { bytes } = values;
    let to = at;
    let count = 0;
    let index = skipBlank(bytes, open + 1);
    while (bytes[index] !== closeBracket) {
      to = this.#value(index, to);
      count += 1;
      index = afterComma(bytes, values.next);
    }
    values.next = index + 1;
    this.count = count;
    return to;
  }

  #value(at: number, to: number): number {
    const values = this.#values;
    switch (values.bytes[at]) {
      case quote:
        return values.putText(at, to);
      case openBrace: {
        const end = this.#keys.mayRepeat ? this.#lastFields(at, to + 1) : this.#fields(at, to + 1);
        return putHeader(values.out, to, end, map, this.count);
      }
      case openBracket: {
        const end = this.#items(at, to + 1);
        return putHeader(values.out, to, end, array, this.count);
      }
      default:
        return values.put(at, to);
    }
  }

  #key(object: number, at: number, to: number): number {
    const { out } = this.#values;
    const end = this.#values.putText(at, to);
    let hash = end - to;
    // written just now, so the byte is there
    for (let index = to + 1; index < end; index++)
      hash = Math.imul(hash ^ (out[index] as number), 0x01000193);
    this.#keys.add(object, hash, out, to, end);
    return end;
  }
}

/** Where the value of each key is, in msgpack as the key is. */
type Fields = Map<string, { readonly start: number; readonly end: number }>;

function inOrder(out: Buffer, fields: Fields): Buffer {
  const pieces = [...fields].flatMap(([key, { start, end }]) => [
    Buffer.from(key, 'latin1'),
    out.subarray(start, end),
  ]);
  return Buffer.concat(pieces);
}

/** From behind a value to the next one, or to the end of the collection. */
function afterComma(bytes: Buffer, at: number): number {
  const index = skipBlank(bytes, at);
  return bytes[index] === comma ? skipBlank(bytes, index + 1) : index;
}

/** From behind a key to its value. */
function afterColon(bytes: Buffer, at: number): number {
  return skipBlank(bytes, skipBlank(bytes, at) + 1);
}
