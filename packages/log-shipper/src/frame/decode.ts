import { type Encoding, unitBytes } from '../tail/encoding.ts';
import type { Chunk } from './line.ts';
import { Offsets } from './offsets.ts';

export interface Decoded {
  /** In UTF-8, with the offsets of the file. */
  readonly chunk: Chunk;
  /** The index of the requested place. */
  readonly at: number;
}

/**
 * Decodes a chunk of a file. `at` is an index in the chunk, to be converted. A possible first half of a character waits
 * for its second half; if no more will come (`isWhole`), it becomes U+FFFD.
 */
export function decode(
  raw: Chunk,
  { at, encoding, isWhole }: { at: number; encoding: Encoding; isWhole: boolean },
): Decoded {
  if (encoding === 'utf-8') return { chunk: raw, at };
  const unit = unitBytes(encoding);
  // characters begin at even offsets of the file
  const start = raw.base % unit;
  const end = isWhole ? raw.end : wholeEnd(raw, start, encoding);
  const middle = Math.max(start, at - ((at - start) % unit));
  const head = textOf(raw.bytes.subarray(start, middle), encoding);
  const rest = textOf(raw.bytes.subarray(middle, end), encoding);
  const bytes = Buffer.from(head + rest);
  const base = raw.base + start;
  const offsets = new Offsets(bytes, { base, end: raw.base + end, unit });
  return { chunk: { bytes, end: bytes.length, base, offsets }, at: Buffer.byteLength(head) };
}

function textOf(bytes: Buffer, encoding: Exclude<Encoding, 'utf-8'>): string {
  if (encoding === 'latin-1') return bytes.toString('latin1');
  const isOdd = bytes.length % 2 === 1;
  const whole = isOdd ? bytes.subarray(0, -1) : bytes;
  const units = encoding === 'utf-16le' ? whole : Buffer.from(whole).swap16();
  return units.toString('utf16le') + (isOdd ? '\ufffd' : '');
}

/** The end of the chunk, without a trailing byte or surrogate that lacks its other half. */
function wholeEnd({ bytes, end }: Chunk, start: number, encoding: Encoding): number {
  if (unitBytes(encoding) === 1) return end;
  const even = end - ((end - start) % 2);
  const high = bytes[encoding === 'utf-16le' ? even - 1 : even - 2] ?? 0;
  const isFirstHalf = even - start >= 2 && (high & 0xfc) === 0xd8;
  return isFirstHalf ? even - 2 : even;
}
