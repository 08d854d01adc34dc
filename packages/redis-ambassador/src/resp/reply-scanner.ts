import { byteAt, CR, LF, MINUS, readInteger, ZERO } from './bytes.ts';
import { incomplete, malformed } from './request-scanner.ts';

/** First bytes of replies, by name. */
export const replyType = {
  string: 0x2b, // +
  error: 0x2d, // -
  integer: 0x3a, // :
  bulk: 0x24, // $
  array: 0x2a, // *
  null: 0x5f, // _
  boolean: 0x23, // #
  double: 0x2c, // ,
  bigNumber: 0x28, // (
  bulkError: 0x21, // !
  verbatim: 0x3d, // =
  map: 0x25, // %
  set: 0x7e, // ~
  push: 0x3e, // >
  attribute: 0x7c, // |
  streamedPart: 0x3b, // ;
  streamEnd: 0x2e, // .
} as const;

/** `?` in place of a length: elements follow until `.`, or chunks until `;0`. */
const STREAMED = 0x3f;
/** Longest announced length; no server has such values. */
const maxLength = 2 ** 32;
const maxHeaderBytes = 32;
const maxStreamDepth = 64;

/**
 * Finds the ends of RESP2 and RESP3 replies without decoding them. It can pause and resume at any byte, and
 * never needs an earlier byte again. Nesting needs no stack: an aggregate adds its elements to the number
 * of pending values.
 */
export class ReplyScanner {
  /** First byte of the current reply, or of the one just found: see `replyType`. */
  type = 0;
  /** Why the bytes are malformed. */
  fault = '';

  #valuesLeft = 0;
  #bytesToSkip = 0;
  #isInLine = false;
  #isStreamedString = false;
  /** For each open streamed aggregate, the pending values outside it. */
  readonly #streams: number[] = [];
  /** An incomplete header. */
  readonly #header = Buffer.alloc(maxHeaderBytes);
  #headerBytes = 0;

  /** Whether a reply is incomplete. */
  get isInside(): boolean {
    return this.#valuesLeft > 0 || this.#bytesToSkip > 0;
  }

  /** Known number of missing bytes of the current value. */
  get missingBytes(): number {
    return this.#bytesToSkip;
  }

  /** Whether the reply ends with the current value, whose length is known. */
  get isInLastValue(): boolean {
    return this.#valuesLeft === 0 && this.#bytesToSkip > 0;
  }

  /** Returns the end of the reply that starts (or continues) at `start`, or `incomplete`, or `malformed`. */
  next(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    if (!this.isInside && at < end) {
      this.type = byteAt(bytes, at);
      this.#valuesLeft = 1;
    }
    while (at < end) {
      if (this.#bytesToSkip > 0) {
        const left = end - at;
        if (left < this.#bytesToSkip) {
          this.#bytesToSkip -= left;
          return incomplete;
        }
        at += this.#bytesToSkip;
        this.#bytesToSkip = 0;
        if (byteAt(bytes, at - 1) !== LF) return this.#malformed('a bulk string without its final CRLF');
      } else {
        at = this.#readHeader(bytes, at, end);
        if (at < 0) return at;
      }
      if (this.#valuesLeft === 0 && this.#bytesToSkip === 0) return at;
    }
    return incomplete;
  }

  /** Reads one header line; returns its end. */
  #readHeader(bytes: Uint8Array, at: number, end: number): number {
    if (this.#isInLine) return this.#skipLine(bytes, at, end);
    if (this.#headerBytes > 0) return this.#resumeHeader(bytes, at, end);
    const type = byteAt(bytes, at);
    if (isLineType(type)) return this.#skipLine(bytes, at, end);
    // fast path for the common header: digits without a leading zero, CR, LF, all in this buffer
    let cursor = at + 1;
    let length = 0;
    for (; cursor < end; cursor++) {
      const digit = byteAt(bytes, cursor) - ZERO;
      if (digit < 0 || digit > 9) break;
      length = length * 10 + digit;
    }
    if (
      cursor + 1 < end &&
      cursor > at + 1 &&
      (cursor === at + 2 || byteAt(bytes, at + 1) !== ZERO) &&
      byteAt(bytes, cursor) === CR &&
      byteAt(bytes, cursor + 1) === LF
    ) {
      return this.#open(type, length) ? cursor + 2 : malformed;
    }
    return this.#resumeHeader(bytes, at, end);
  }

  /** Collects a header that is split between buffers, or not of the common form. */
  #resumeHeader(bytes: Uint8Array, start: number, end: number): number {
    for (let at = start; at < end; at++) {
      const byte = byteAt(bytes, at);
      if (this.#headerBytes === maxHeaderBytes) return this.#malformed('an unterminated header');
      this.#header[this.#headerBytes++] = byte;
      if (byte !== LF) continue;
      const lineEnd = this.#headerBytes - 2;
      const type = byteAt(this.#header, 0);
      this.#headerBytes = 0;
      if (lineEnd < 1 || byteAt(this.#header, lineEnd) !== CR) return this.#malformed('a header without CR');
      const isStreamed = lineEnd === 2 && byteAt(this.#header, 1) === STREAMED;
      if (isStreamed) return this.#openStream(type) ? at + 1 : malformed;
      if (type === replyType.streamEnd) return this.#closeStream(lineEnd) ? at + 1 : malformed;
      return this.#open(type, readInteger(this.#header, 1, lineEnd)) ? at + 1 : malformed;
    }
    return incomplete;
  }

  /** Skips the rest of a simple value: `+OK`, `:1`, `-ERR …`. */
  #skipLine(bytes: Uint8Array, start: number, end: number): number {
    for (let at = start; at < end; at++) {
      if (byteAt(bytes, at) !== LF) continue;
      this.#isInLine = false;
      this.#valuesLeft--;
      return at + 1;
    }
    this.#isInLine = true;
    return incomplete;
  }

  /** Counts the values announced by a header with this length; false if the header is invalid. */
  #open(type: number, length: number): boolean {
    if (length === -1 && (type === replyType.bulk || type === replyType.array)) {
      this.#valuesLeft--;
      return true;
    }
    if (!(length >= 0 && length <= maxLength)) {
      return this.#refuse(lengthTypes.includes(type) ? 'a length out of range' : typeText(type));
    }
    switch (type) {
      case replyType.bulk:
      case replyType.verbatim:
      case replyType.bulkError:
        this.#valuesLeft--;
        this.#bytesToSkip = length + 2;
        return true;
      case replyType.array:
      case replyType.set:
      case replyType.push:
        this.#valuesLeft += length - 1;
        return true;
      case replyType.map:
        this.#valuesLeft += 2 * length - 1;
        return true;
      case replyType.attribute:
        // an attribute belongs to the following value
        this.#valuesLeft += 2 * length;
        return true;
      case replyType.streamedPart:
        return this.#openPart(length);
      case replyType.streamEnd:
        // the end of a stream has no length
        return this.#refuse('an end marker outside a stream');
      default:
        return this.#refuse(typeText(type));
    }
  }

  /** Counts a chunk of a streamed string; an empty one ends it. */
  #openPart(length: number): boolean {
    if (!this.#isStreamedString) return this.#refuse('a chunk outside a streamed string');
    if (length > 0) this.#bytesToSkip = length + 2;
    else {
      this.#isStreamedString = false;
      this.#valuesLeft--;
    }
    return true;
  }

  #openStream(type: number): boolean {
    if (type === replyType.bulk) {
      this.#isStreamedString = true;
      return true;
    }
    const isAggregate = type === replyType.array || type === replyType.set || type === replyType.map;
    if (!isAggregate || this.#streams.length === maxStreamDepth) return this.#refuse('an invalid stream');
    this.#streams.push(this.#valuesLeft - 1);
    this.#valuesLeft = Number.POSITIVE_INFINITY;
    return true;
  }

  #closeStream(lineEnd: number): boolean {
    const around = this.#streams.pop();
    if (around === undefined || lineEnd !== 1) return this.#refuse('an end marker outside a stream');
    this.#valuesLeft = around;
    return true;
  }

  #refuse(what: string): false {
    this.fault = what;
    return false;
  }

  #malformed(what: string): number {
    this.#refuse(what);
    return malformed;
  }
}

/** Types with a length. */
const lengthTypes: readonly number[] = [
  replyType.bulk,
  replyType.bulkError,
  replyType.verbatim,
  replyType.array,
  replyType.set,
  replyType.map,
  replyType.push,
  replyType.attribute,
  replyType.streamedPart,
];

function typeText(type: number): string {
  return `the type ${JSON.stringify(String.fromCharCode(type))}`;
}

function isLineType(type: number): boolean {
  return (
    type === replyType.string ||
    type === MINUS ||
    type === replyType.integer ||
    type === replyType.null ||
    type === replyType.boolean ||
    type === replyType.double ||
    type === replyType.bigNumber
  );
}
