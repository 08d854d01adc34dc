import { putBytes, putRange } from './bytes.ts';
import { isPlain, plainEnd } from './plain.ts';

/** Escape of a byte: a backslash and this letter, or a longer form if it is 0. */
const letters = new Uint8Array(256);
const escapes: Buffer[] = [];
const escapedLengths = new Uint8Array(256).fill(1);
for (let byte = 0; byte < 0x80; byte++) {
  if (isPlain[byte] === 1) continue;
  const escaped = Buffer.from(JSON.stringify(String.fromCharCode(byte)).slice(1, -1));
  escapes[byte] = escaped;
  escapedLengths[byte] = escaped.length;
  if (escaped.length === 2) letters[byte] = escaped[1] ?? 0;
}

/** An escaped byte is mostly followed by others: this many are written one by one. */
const nearby = 64;

/** Writes UTF-8 text escaped for a JSON string; returns the index after it. */
export function putEscaped(out: Buffer, at: number, bytes: Buffer, start: number, end: number): number {
  let to = at;
  for (let index = start; index < end; ) {
    const runEnd = plainEnd(bytes, index, end);
    to = putRange(out, to, bytes, index, runEnd);
    index = runEnd;
    const near = Math.min(end, index + nearby);
    to = putNearby(out, to, bytes, index, near);
    index = stoppedAt;
    // within `bytes` the byte is there, and it has an escape
    if (index < near) to = putBytes(out, to, escapes[bytes[index++] as number] as Buffer);
  }
  return to;
}

let stoppedAt = 0;

/** Writes bytes one by one up to a byte with a longer escape. Twice as fast without a call in its loop. */
function putNearby(out: Buffer, at: number, bytes: Buffer, start: number, end: number): number {
  let to = at;
  let index = start;
  while (index < end) {
    // all indexes are within their arrays
    const byte = bytes[index] as number;
    if (isPlain[byte] === 1) {
      out[to] = byte;
      to += 1;
    } else {
      const letter = letters[byte] as number;
      if (letter === 0) break;
      out[to] = 0x5c;
      out[to + 1] = letter;
      to += 2;
    }
    index += 1;
  }
  stoppedAt = index;
  return to;
}

/** How many bytes `putEscaped` writes. */
export function escapedLength(bytes: Buffer, start: number, end: number): number {
  let length = 0;
  for (let index = start; index < end; index++) length += escapedLengths[bytes[index] as number] as number;
  return length;
}

/** Longest escape of one byte. */
export const longestEscape = 6;
