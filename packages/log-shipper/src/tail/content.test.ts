import { describe, expect, it } from 'vitest';
import {
  type Content,
  digest,
  fingerprint,
  headLength,
  holds,
  isCompressed,
  type Position,
  startOfFile,
} from './content.ts';

const contentOf = (bytes: Buffer): Content => ({
  size: bytes.length,
  read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
});

/** What is remembered of `bytes` that was shipped up to `offset`, when the first `head` bytes were known. */
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
    ['itself by what stands before the position alone', grown, remember(original, 100, 0), true],
    ['another file', lines(5, 1000), remember(original, 5000), false],
    [
      'a file with the same beginning only',
      Buffer.concat([banner, lines(7, 100)]),
      remember(Buffer.concat([banner, lines(0, 100)]), 3000),
      false,
    ],
    ['a truncated file', original.subarray(0, 4000), remember(original, 5000), false],
    ['a file shorter than what was known', original.subarray(0, 500), remember(original, 0), false],
    [
      'a rewritten file that is longer than before',
      Buffer.concat([lines(9, 1000), lines(0, 1000)]),
      remember(original, original.length),
      false,
    ],
    ['an empty file of which nothing was known', Buffer.alloc(0), remember(Buffer.alloc(0), 0), false],
    ['any file when nothing was known', original, remember(Buffer.alloc(0), 0), false],
  ])('%s', async (_, now, known, expected) => {
    expect(await holds(contentOf(now), known)).toBe(expected);
  });

  it('wants all positions to fit', async () => {
    const known = remember(original, 100);
    const positions = [...known.positions, startOfFile, positionIn(lines(1, 1000), 5000)];
    expect(await holds(contentOf(original), { ...known, positions })).toBe(false);
    expect(await holds(contentOf(original), { ...known, positions: positions.slice(0, 2) })).toBe(true);
  });
});

describe('isCompressed', () => {
  it.each([
    [[0x1f, 0x8b, 8, 0], true],
    [[0x28, 0xb5, 0x2f, 0xfd], true],
    [[0x42, 0x5a, 0x68, 0x39], true],
    [[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], true],
    [[0x1f], false],
    [[0x7b, 0x7d], false],
    [[], false],
  ])('%j → %s', (head, expected) => {
    expect(isCompressed(Buffer.from(head))).toBe(expected);
  });
});
