import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Encoding } from '../tail/encoding.ts';
import { decode } from './decode.ts';
import { indexOf, offsetOf } from './line.ts';

function encode(text: string, encoding: Encoding): Buffer {
  if (encoding === 'latin-1') return Buffer.from(text, 'latin1');
  const bytes = Buffer.from(text, encoding === 'utf-8' ? 'utf8' : 'utf16le');
  return encoding === 'utf-16be' ? bytes.swap16() : bytes;
}

const encodings: readonly Encoding[] = ['utf-8', 'utf-16le', 'utf-16be', 'latin-1'];
const texts = { 'latin-1': 'one\nzwei ä§\r\n\0x\n', other: 'one\nzwei äΩ€ 😀\r\n\0x\n' };
const textFor = (encoding: Encoding) => (encoding === 'latin-1' ? texts['latin-1'] : texts.other);

describe.each(encodings)('a chunk in %s', (encoding) => {
  const text = textFor(encoding);
  const bytes = encode(text, encoding);
  const whole = decode({ bytes, end: bytes.length, base: 1000 }, { at: 0, encoding, isWhole: false });

  it('is decoded to UTF-8', () => {
    expect(whole.at).toBe(0);
    expect(whole.chunk.bytes.toString()).toBe(text);
    expect(whole.chunk.end).toBe(Buffer.byteLength(text));
  });

  it('maps each character to its offset in the file, in any order', () => {
    const places = [...text].map((_, count) => {
      const before = [...text].slice(0, count).join('');
      return { index: Buffer.byteLength(before), offset: 1000 + encode(before, encoding).length };
    });
    for (const { index, offset } of [...places, ...places.toReversed()]) {
      expect(offsetOf(whole.chunk, index)).toBe(offset);
      expect(indexOf(whole.chunk, offset)).toBe(index);
    }
  });

  it('can be cut anywhere and completed by the next chunk', () => {
    for (let cut = 0; cut <= bytes.length; cut++) {
      const first = decode(
        { bytes: bytes.subarray(0, cut), end: cut, base: 0 },
        { at: 0, encoding, isWhole: false },
      );
      if (encoding === 'utf-8') continue; // UTF-8 is passed on unchanged
      const read = offsetOf(first.chunk, first.chunk.end);
      const rest = bytes.subarray(read);
      const second = decode(
        { bytes: rest, end: rest.length, base: read },
        { at: 0, encoding, isWhole: false },
      );
      expect(first.chunk.bytes.toString() + second.chunk.bytes.toString()).toBe(text);
    }
  });

  it('maps a position to the decoded text', () => {
    const at = encode('one\n', encoding).length;
    const decoded = decode({ bytes, end: bytes.length, base: 0 }, { at, encoding, isWhole: false });
    expect(decoded.at).toBe(4);
    expect(offsetOf(decoded.chunk, 4)).toBe(at);
  });
});

describe('invalid UTF-16', () => {
  const options = { at: 0, encoding: 'utf-16le', isWhole: true } as const;

  it('is decoded to U+FFFD, and its bytes are counted', () => {
    const bytes = Buffer.from([0x00, 0xd8, 0x61, 0x00, 0x00, 0xdc, 0x62, 0x00, 0x63]);
    const { chunk } = decode({ bytes, end: bytes.length, base: 0 }, options);
    expect(chunk.bytes.toString()).toBe('\ufffda\ufffdb\ufffd');
    expect(offsetOf(chunk, 3)).toBe(2);
    expect(offsetOf(chunk, chunk.end)).toBe(bytes.length);
  });

  it('does not affect the text after it', () => {
    const bytes = Buffer.from([0x00, 0xd8]);
    expect(decode({ bytes, end: 2, base: 0 }, { ...options, isWhole: false }).chunk.end).toBe(0);
    expect(decode({ bytes, end: 1, base: 0 }, { ...options, isWhole: false }).chunk.end).toBe(0);
  });

  it('is read from an even offset on', () => {
    const bytes = encode('\nab', 'utf-16le').subarray(1);
    const { chunk, at } = decode({ bytes, end: bytes.length, base: 1 }, { ...options, at: 1 });
    expect(chunk.bytes.toString()).toBe('ab');
    expect([at, offsetOf(chunk, 0)]).toEqual([0, 2]);
  });

  it('keeps offsets correct for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (array) => {
        const bytes = Buffer.from(array);
        const { chunk } = decode({ bytes, end: bytes.length, base: 0 }, options);
        expect(offsetOf(chunk, chunk.end)).toBe(bytes.length);
      }),
    );
  });
});
