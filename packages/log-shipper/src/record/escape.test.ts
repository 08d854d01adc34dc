import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapedLength, longestEscape, putEscaped } from './escape.ts';
import { isPlain, plainEnd } from './plain.ts';

/** Runs of plain text longer than one step of the scan, with any bytes between them. */
const text = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 5 }),
      fc.nat({ max: 90 }).map((length) => 'x'.repeat(length)),
      fc.constantFrom('"', '\\', '\n', '\t', '\u0001', '\u007f', 'ä', '\u00a2\u00dc', '€', '😀'),
    ),
  )
  .map((parts) => Buffer.from(parts.join('')));

describe('plainEnd', () => {
  it('finds the first byte that is not plain, for any alignment in memory', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 60 }),
        fc.nat({ max: 7 }),
        fc.nat({ max: 80 }),
        (bytes, shift, run) => {
          const memory = Buffer.alloc(shift + run + bytes.length + 1, 0x78);
          memory.set(bytes, shift + run);
          const whole = memory.subarray(shift, shift + run + bytes.length);
          for (const end of [whole.length, run >> 1]) {
            const expected = whole.subarray(0, end).findIndex((byte) => isPlain[byte] !== 1);
            expect(plainEnd(whole, 0, end)).toBe(expected < 0 ? end : expected);
          }
        },
      ),
    );
  });

  it.each(Array.from({ length: 256 }, (_, byte) => byte))('classifies byte %d', (byte) => {
    for (let at = 0; at < 40; at++) {
      const bytes = Buffer.alloc(48, 0xff).fill(byte, at, at + 1);
      expect(plainEnd(bytes, 0, bytes.length)).toBe(isPlain[byte] === 1 ? 48 : at);
    }
  });
});

describe('putEscaped', () => {
  it('writes text that a JSON parser reads back, of the predicted length', () => {
    fc.assert(
      fc.property(text, fc.nat({ max: 7 }), (bytes, at) => {
        const out = Buffer.alloc(at + bytes.length * longestEscape + 1);
        const end = putEscaped(out, at, bytes, 0, bytes.length);
        expect(end - at).toBe(escapedLength(bytes, 0, bytes.length));
        expect(JSON.parse(`"${out.toString('utf8', at, end)}"`)).toBe(bytes.toString());
      }),
    );
  });
});
