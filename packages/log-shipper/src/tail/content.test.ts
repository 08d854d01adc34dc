import { describe, expect, it } from 'vitest';
import {
  type Content,
  digest,
  endOfData,
  fingerprint,
  headLength,
  holds,
  isCompressed,
  type Position,
  startOfFile,
} from './content.ts';
import type { EncodingChoice } from './encoding.ts';

const contentOf = (bytes: Buffer): Content => ({
  size: bytes.length,
  read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
});

/** The memory of a file with these bytes, shipped up to `offset`, with its first `head` bytes known. */
const remember = (bytes: Buffer, offset: number, head = headLength) => ({
  fingerprint: fingerprint(bytes.subarray(0, Math.min(head, headLength))),
  positions: [positionIn(bytes, offset)],
});

const positionIn = (bytes: Buffer, offset: number): Position => ({
  offset,
  parts: 0,
  tail: digest(bytes.subarray(Math.max(0, offset - 256), offset)),
});

const lines = (from: number, count: number) =>
  Buffer.from(Array.from({ length: count }, (_, index) => `line number ${from + index}\n`).join(''));

const original = lines(0, 1000);
const grown = Buffer.concat([original, lines(1000, 10)]);
const banner = Buffer.from(`${'#'.repeat(2000)}\n`);

describe('holds', () => {
  it.each<[string, Buffer, ReturnType<typeof remember>, boolean]>([
    ['itself', original, remember(original, 5000), true],
    ['itself, all of it shipped', original, remember(original, original.length), true],
    ['itself, nothing shipped', original, remember(original, 0), true],
    ['itself after it has grown', grown, remember(original, original.length), true],
    ['itself when only its first bytes were known', grown, remember(original, 100, 100), true],
    ['itself by the bytes before the position alone', grown, remember(original, 100, 0), true],
    ['another file', lines(5, 1000), remember(original, 5000), false],
    [
      'a file with the same beginning only',
      Buffer.concat([banner, lines(7, 100)]),
      remember(Buffer.concat([banner, lines(0, 100)]), 3000),
      false,
    ],
    ['a truncated file', original.subarray(0, 4000), remember(original, 5000), false],
    ['a file shorter than its known bytes', original.subarray(0, 500), remember(original, 0), false],
    [
      'a rewritten file that is longer than before',
      Buffer.concat([lines(9, 1000), lines(0, 1000)]),
      remember(original, original.length),
      false,
    ],
    ['an empty file without known bytes', Buffer.alloc(0), remember(Buffer.alloc(0), 0), false],
    ['any file without known bytes', original, remember(Buffer.alloc(0), 0), false],
  ])('compares what is known of a file with %s', async (_, now, known, expected) => {
    expect(await holds(contentOf(now), known)).toBe(expected);
  });

  it('requires all positions to match', async () => {
    const known = remember(original, 100);
    const positions = [...known.positions, startOfFile, positionIn(lines(1, 1000), 5000)];
    expect(await holds(contentOf(original), { ...known, positions })).toBe(false);
    expect(await holds(contentOf(original), { ...known, positions: positions.slice(0, 2) })).toBe(true);
  });
});

describe('endOfData', () => {
  const nuls = (count: number) => Buffer.alloc(count);
  it.each<[string, Buffer[], number, number]>([
    ['nothing', [], 0, 0],
    ['text', [lines(1, 10)], 0, lines(1, 10).length],
    ['nothing but NULs', [nuls(100_000)], 0, 0],
    ['text before preallocated NULs', [Buffer.from('one\n'), nuls(5_000_000)], 0, 4],
    ['more text before preallocated NULs', [Buffer.from('one\ntwo\n'), nuls(5_000_000)], 4, 8],
    ['NULs within', [Buffer.from('one'), nuls(200_000), Buffer.from('two\n'), nuls(10)], 3, 200_007],
    ['a hole at its start', [nuls(5_000_000), Buffer.from('one\n')], 0, 5_000_004],
    ['a file that has shrunk', [Buffer.from('one\n'), nuls(10)], 1000, 14],
  ])('finds the end of %s', async (_, pieces, from, expected) => {
    expect(await endOfData(contentOf(Buffer.concat(pieces)), from)).toBe(expected);
  });

  const le = (text: string) => Buffer.from(text, 'utf16le');
  it.each<[string, Buffer[], EncodingChoice, number]>([
    ['with a byte order mark', [le('\ufeffone\n')], 'auto', 10],
    ['with a byte order mark, before preallocated NULs', [le('\ufeffone\n'), nuls(5_000_001)], 'auto', 10],
    ['set by an option', [le('one\n')], 'utf-16le', 8],
    ['with half a character', [le('\ufeffone'), nuls(1)], 'auto', 8],
    ['that is not detected', [le('one\n')], 'auto', 7],
  ])('finds the end of UTF-16 %s', async (_, pieces, choice, expected) => {
    expect(await endOfData(contentOf(Buffer.concat(pieces)), 0, choice)).toBe(expected);
  });

  it('does not read all preallocated bytes each time', async () => {
    let bytesRead = 0;
    const size = 1024 ** 3;
    const read = (offset: number, length: number) => {
      bytesRead += length;
      return Promise.resolve(offset < 5 ? Buffer.from('text\0').subarray(offset) : Buffer.alloc(length));
    };
    expect(await endOfData({ size, read }, 0)).toBe(4);
    expect(bytesRead).toBeLessThan(3 * 1024 * 1024);
  });
});

describe('isCompressed', () => {
  it.each([
    [[0x1f, 0x8b, 8, 0], true],
    [[0x28, 0xb5, 0x2f, 0xfd], true],
    [[...Buffer.from('BZh1')], false],
    [[...Buffer.from('BZh91AY&SY')], true],
    [[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], true],
    [[0x1f], false],
    [[0x7b, 0x7d], false],
    [[], false],
  ])('is for %j: %s', (head, expected) => {
    expect(isCompressed(Buffer.from(head))).toBe(expected);
  });
});
