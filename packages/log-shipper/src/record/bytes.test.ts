import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { putBytes, putInteger, putRange } from './bytes.ts';

describe('putInteger', () => {
  it.each([
    ...[0, 9, 10, 99, 100, 999_999_999, 1_000_000_000, 1_000_000_001, 2 ** 31, 2 ** 32 + 7],
    ...[10 ** 15, Number.MAX_SAFE_INTEGER],
  ])('writes %d', (value) => {
    const out = Buffer.alloc(30);
    expect(out.toString('latin1', 2, putInteger(out, 2, value))).toBe(String(value));
  });

  it('writes any whole number', () => {
    const out = Buffer.alloc(30);
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        expect(out.toString('latin1', 0, putInteger(out, 0, value))).toBe(String(value));
      }),
    );
  });
});

it.each(Array.from({ length: 50 }, (_, length) => length))(
  'copies %d bytes, whole and as a range',
  (length) => {
    const source = Buffer.from(Array.from({ length }, (_, index) => index));
    const out = Buffer.alloc(60, 0xff);
    expect(putBytes(out, 3, source)).toBe(3 + length);
    expect(out.subarray(3, 3 + length)).toEqual(source);
    expect(putRange(out, 4, source, length >> 1, length)).toBe(4 + length - (length >> 1));
    expect(out.subarray(4, 4 + length - (length >> 1))).toEqual(source.subarray(length >> 1));
  },
);
