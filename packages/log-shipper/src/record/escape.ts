import { putRange } from './bytes.ts';

/** For each byte: 1 when it stands for itself within a JSON string, else the length of its escape. */
const escapedLengths = new Uint8Array(256).fill(1);
const escapes: Buffer[] = [];
for (let byte = 0; byte < 0x80; byte++) {
  const escaped = JSON.stringify(String.fromCharCode(byte)).slice(1, -1);
  // JSON allows 0x7f as it is
  if (escaped.length > 1) {
    escapedLengths[byte] = escaped.length;
    escapes[byte] = Buffer.from(escaped);
  }
}

/** Writes UTF-8 text so that it can stand within a JSON string; returns the index behind it. */
export function putEscaped(out: Buffer, at: number, bytes: Buffer, start: number, end: number): number {
  let to = at;
  let from = start;
  for (let index = start; index < end; index++) {
    // both indexes are within their arrays
    const byte = bytes[index] as number;
    if (escapedLengths[byte] === 1) continue;
    const escaped = escapes[byte] as Buffer;
    to = putRange(out, to, bytes, from, index);
    to = putRange(out, to, escaped, 0, escaped.length);
    from = index + 1;
  }
  return putRange(out, to, bytes, from, end);
}

/** How many bytes `putEscaped` writes. */
export function escapedLength(bytes: Buffer, start: number, end: number): number {
  let length = 0;
  for (let index = start; index < end; index++) length += escapedLengths[bytes[index] as number] as number;
  return length;
}

/** The most that one byte can become. */
export const longestEscape = 6;
