import { describe, expect, it } from 'vitest';
import { Batch } from './batch.ts';
import { splitBy } from './spans.ts';

function put(batch: Batch<string, number>, text: string): boolean {
  if (!batch.reserve(text.length)) return false;
  batch.add(batch.length + batch.bytes.write(text, batch.length));
  return true;
}

const spansOf = (numbers: readonly number[]) => {
  const all = [{ from: 0, to: 10 }];
  return splitBy(all, (number) => numbers.includes(number))[0];
};

describe('Batch', () => {
  it.each([
    [[0, 1, 2], 'a\nbc\ndef\n'],
    [[1], 'bc\n'],
    [[0, 2], 'a\ndef\n'],
    [[], ''],
  ])('selects any of its records: %j', (numbers, expected) => {
    const batch = new Batch<string, number>({ bytes: 100, records: 10 });
    for (const text of ['a\n', 'bc\n', 'def\n']) expect(put(batch, text)).toBe(true);
    expect(batch.select(spansOf(numbers))).toEqual({
      ...{ bytes: Buffer.from(expected), count: numbers.length, groups: [] },
    });
  });

  it('groups any of its records by their common fields', () => {
    const batch = new Batch<string, number>({ bytes: 100, records: 10 });
    const [x, y] = [Buffer.from('x'), Buffer.from('y')];
    for (const [head, text] of [
      [x, 'a\n'],
      [x, 'bc\n'],
      [y, 'def\n'],
      [y, 'g\n'],
      [x, 'h\n'],
    ] as const) {
      batch.group(head);
      put(batch, text);
    }
    const groups = (...numbers: number[]) =>
      batch
        .select(spansOf(numbers))
        .groups.map(({ start, head }) => `${start}${head.toString()}`)
        .join();
    expect(groups(0, 1, 2, 3, 4)).toBe('0x,5y,11x');
    expect(groups(1, 2)).toBe('0x,3y');
    expect(groups(3)).toBe('0y');
    expect(groups(0, 3, 4)).toBe('0x,2y,4x');
    expect(groups(0, 4)).toBe('0x');
    expect(groups()).toBe('');
    batch.clear();
    put(batch, 'a\n');
    expect(groups(0)).toBe('');
  });

  it('is full at its limit of bytes', () => {
    const batch = new Batch<string, number>({ bytes: 5, records: 10 });
    expect([put(batch, '12345'), put(batch, '6')]).toEqual([true, false]);
  });

  it('is full at its limit of records', () => {
    const batch = new Batch<string, number>({ bytes: 100, records: 2 });
    expect([put(batch, '1'), put(batch, '2'), put(batch, '3')]).toEqual([true, true, false]);
  });

  it('accepts a single record above its limit, and shrinks back afterwards', () => {
    const batch = new Batch<string, number>({ bytes: 5, records: 10 });
    expect([put(batch, '1234567890'), put(batch, '1')]).toEqual([true, false]);
    expect(batch.select(spansOf([0])).bytes.toString()).toBe('1234567890');
    batch.marks.set('file', 1);
    batch.clear();
    expect([batch.bytes.length, batch.count, batch.length, batch.marks.size]).toEqual([5, 0, 0, 0]);
    expect(put(batch, '12345')).toBe(true);
  });
});
