import { describe, expect, it } from 'vitest';
import { KeyCheck } from './key-check.ts';

/** A key of each four letters. */
const out = Buffer.from(Array.from({ length: 5000 }, (_, index) => String(index).padStart(4, '0')).join(''));

/** Adds this many different keys to one object, and then the first one to another. */
function mayRepeatAfter(count: number, hashOf: (index: number) => number): boolean {
  const keys = new KeyCheck();
  keys.begin();
  const object = keys.open();
  for (let index = 0; index < count; index++) {
    keys.add(object, hashOf(index), out, index * 4, index * 4 + 4);
  }
  keys.add(keys.open(), hashOf(0), out, 0, 4);
  return keys.mayRepeat;
}

describe('KeyCheck', () => {
  it('tells a repeated key from keys with the same hash, and from keys of other objects and lines', () => {
    const keys = new KeyCheck();
    for (const hashOf of [(index: number) => index, () => 7]) {
      keys.begin();
      const object = keys.open();
      keys.add(object, hashOf(0), out, 0, 4);
      keys.add(keys.open(), hashOf(0), out, 0, 4);
      keys.add(object, hashOf(1), out, 4, 8);
      expect(keys.mayRepeat).toBe(false);
      keys.add(object, hashOf(0), out, 0, 4);
      expect(keys.mayRepeat).toBe(true);
    }
  });

  it('gives up where too many keys have the same hash', () => {
    expect(mayRepeatAfter(60, () => 7)).toBe(false);
    expect(mayRepeatAfter(100, () => 7)).toBe(true);
  });

  it('gives up at more keys than half of its slots', () => {
    const spread = (index: number) => Math.imul(index, 0x9e3779b1);
    expect(mayRepeatAfter(1000, spread)).toBe(false);
    expect(mayRepeatAfter(4097, spread)).toBe(true);
  });
});
