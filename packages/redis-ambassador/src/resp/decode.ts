import { replyType } from './reply-scanner.ts';
import { ReplyError, type Value } from './value.ts';

/**
 * Decodes one whole reply, as found by `ReplyScanner`. Strings are read as latin1.
 * @throws Error for a streamed value, which no server sends in reply to the ambassador's own commands
 */
export function decodeReply(bytes: Buffer): Value {
  return new Decoder(bytes).value();
}

class Decoder {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  value(): Value {
    const type = this.#bytes[this.#at++];
    const line = this.#line();
    switch (type) {
      case replyType.string:
      case replyType.bigNumber:
        return line;
      case replyType.error:
        return new ReplyError(line);
      case replyType.integer:
      case replyType.double:
        return line === 'inf' || line === '-inf'
          ? Number(`${line}inity`.replace('inf', 'Inf'))
          : Number(line);
      case replyType.null:
        return null;
      case replyType.boolean:
        return line === 't';
      case replyType.bulk:
      case replyType.verbatim:
        return line === '-1' ? null : this.#text(Number(line));
      case replyType.bulkError:
        return new ReplyError(this.#text(Number(line)));
      case replyType.array:
      case replyType.set:
      case replyType.push:
        return line === '-1' ? null : Array.from({ length: lengthOf(line) }, () => this.value());
      case replyType.map:
        return this.#map(lengthOf(line));
      case replyType.attribute:
        this.#map(lengthOf(line));
        return this.value();
      default:
        throw new Error(`cannot decode a reply of type ${type}`);
    }
  }

  #map(size: number): Map<Value, Value> {
    const map = new Map<Value, Value>();
    for (let entry = 0; entry < size; entry++) map.set(this.value(), this.value());
    return map;
  }

  #line(): string {
    const end = this.#bytes.indexOf('\r\n', this.#at);
    const line = this.#bytes.toString('latin1', this.#at, end);
    this.#at = end + 2;
    return line;
  }

  #text(length: number): string {
    const text = this.#bytes.toString('latin1', this.#at, this.#at + length);
    this.#at += length + 2;
    return text;
  }
}

function lengthOf(line: string): number {
  if (!/^\d+$/.test(line)) throw new Error(`cannot decode a reply of length ${line}`);
  return Number(line);
}
