/** Bytes that need no escape in a JSON string: all but quotes, backslashes and control characters. */
export const isPlain: Uint8Array = new Uint8Array(256).fill(1, 0x20);
isPlain[0x22] = 0;
isPlain[0x5c] = 0;

/** Fewer bytes are read one by one. */
const wordsFrom = 16;

let buffer: ArrayBufferLike = new ArrayBuffer(0);
let words: Int32Array = new Int32Array(buffer);

/**
 * The index of the first byte from `start` on that is not plain, or `end`. After a few bytes it looks at four at
 * once: a byte b is below n exactly if (b - n) & ~b has the top bit, but for borrows from a lower byte that is, too.
 */
export function plainEnd(bytes: Buffer, start: number, end: number): number {
  const near = Math.min(end, start + wordsFrom);
  let index = start;
  // within `bytes`, so the byte is there; the same below
  while (index < near && isPlain[bytes[index] as number] === 1) index++;
  if (index < near || index === end) return index;

  if (bytes.buffer !== buffer) {
    buffer = bytes.buffer;
    words = new Int32Array(buffer, 0, buffer.byteLength >> 2);
  }
  const offset = bytes.byteOffset;
  while (((offset + index) & 3) !== 0 && index < end && isPlain[bytes[index] as number] === 1) index++;
  if (((offset + index) & 3) === 0) {
    const lastWord = (offset + end) >> 2;
    let at = (offset + index) >> 2;
    for (; at < lastWord; at++) {
      const word = words[at] as number;
      const quotes = word ^ 0x22222222;
      const backslashes = word ^ 0x5c5c5c5c;
      const found =
        ((word - 0x20202020) & ~word) |
        ((quotes - 0x01010101) & ~quotes) |
        ((backslashes - 0x01010101) & ~backslashes);
      if ((found & 0x80808080) !== 0) break;
    }
    index = Math.max(index, (at << 2) - offset);
  }
  while (index < end && isPlain[bytes[index] as number] === 1) index++;
  return index;
}
