import { putBytes } from '../../record/bytes.ts';
import type { Instant } from '../instant.ts';

/** Protobuf's wire format (protobuf.dev/programming-guides/encoding), as far as logs need it. Writers return the next index. */

const wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

function putVarint(out: Buffer, at: number, value: number): number {
  let rest = value;
  let to = at;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) out[to++] = (rest % 0x80) + 0x80;
  out[to] = rest;
  return to + 1;
}

export function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) length++;
  return length;
}

/** The tag of a field below 16 that holds bytes, text or a message, and their length. */
export function putBytesTag(out: Buffer, at: number, field: number, length: number): number {
  out[at] = field * 8 + wire.bytes;
  return putVarint(out, at + 1, length);
}

export function bytesFieldLength(length: number): number {
  return 1 + varintLength(length) + length;
}

export function putVarintField(out: Buffer, at: number, field: number, value: number): number {
  out[at] = field * 8 + wire.varint;
  return putVarint(out, at + 1, value);
}

const half = 2 ** 32;

/** A field below 16 with a moment as nanoseconds since 1970, in two halves: it does not fit in one number. */
export function putNanosecondsField(out: Buffer, at: number, field: number, time: Instant): number {
  const high = Math.floor(time.seconds / 65_536) * 1_000_000_000;
  const low = (time.seconds % 65_536) * 1_000_000_000;
  const sum = (high % 65_536) * 65_536 + low + time.nanoseconds;
  out[at] = field * 8 + wire.fixed64;
  out.writeUInt32LE(sum % half, at + 1);
  out.writeUInt32LE(Math.floor(high / 65_536) + Math.floor(sum / half), at + 5);
  return at + nanosecondsFieldLength;
}

export const nanosecondsFieldLength = 9;

/** A field that holds a message or text, as a buffer of its own. */
export function bytesField(field: number, ...content: readonly (Buffer | string)[]): Buffer {
  const bytes = Buffer.concat(content.map((piece) => Buffer.from(piece)));
  const out = Buffer.alloc(bytesFieldLength(bytes.length));
  putBytes(out, putBytesTag(out, 0, field, bytes.length), bytes);
  return out;
}

/** Reads the fields of a message: numbers, and bytes as they are. @throws RangeError if the message is truncated */
export function* readFields(message: Buffer): Generator<readonly [field: number, value: bigint | Buffer]> {
  for (let at = 0; at < message.length; ) {
    const tag = readVarint(message, at);
    const field = Number(tag.value >> 3n);
    const kind = Number(tag.value & 7n);
    at = tag.end;
    if (kind === wire.varint) {
      const { value, end } = readVarint(message, at);
      yield [field, value];
      at = end;
    } else if (kind === wire.fixed64) {
      yield [field, message.readBigUInt64LE(at)];
      at += 8;
    } else if (kind === wire.fixed32) {
      yield [field, BigInt(message.readUInt32LE(at))];
      at += 4;
    } else if (kind === wire.bytes) {
      const { value, end } = readVarint(message, at);
      at = end + Number(value);
      if (at > message.length) throw new RangeError('truncated message');
      yield [field, message.subarray(end, at)];
    } else throw new RangeError(`unknown wire type: ${kind}`);
  }
}

function readVarint(bytes: Buffer, start: number): { readonly value: bigint; readonly end: number } {
  let value = 0n;
  for (let at = start; at < start + 10; at++) {
    const byte = bytes.readUInt8(at);
    value |= BigInt(byte & 0x7f) << BigInt(7 * (at - start));
    if (byte < 0x80) return { value, end: at + 1 };
  }
  throw new RangeError('unterminated varint');
}
