import { describe, expect, it } from 'vitest';
import { Batch } from './batch.ts';

function put(batch: Batch<string, number>, text: string): boolean {
  if (!batch.reserve(text.length)) return false;
  batch.add(batch.length + batch.bytes.write(text, batch.length));
  return true;
}

describe('Batch', () => {
  it('gives back any run of its records', () => {
    const batch = new Batch<string, number>({ bytes: 100, records: 10 });
    for (const text of ['a\n', 'bc\n', 'def\n']) expect(put(batch, text)).toBe(true);
    expect(batch.slice(0, 3).toString()).toBe('a\nbc\ndef\n');
    expect(batch.slice(1, 2).toString()).toBe('bc\n');
    expect(batch.slice(2, 2).toString()).toBe('');
  });

  it('is full by bytes', () => {
    const batch = new Batch<string, number>({ bytes: 5, records: 10 });
    expect([put(batch, '12345'), put(batch, '6')]).toEqual([true, false]);
  });

  it('is full by records', () => {
    const batch = new Batch<string, number>({ bytes: 100, records: 2 });
    expect([put(batch, '1'), put(batch, '2'), put(batch, '3')]).toEqual([true, true, false]);
  });

  it('takes a record that is larger than itself alone, and is as small as before afterwards', () => {
    const batch = new Batch<string, number>({ bytes: 5, records: 10 });
    expect([put(batch, '1234567890'), put(batch, '1')]).toEqual([true, false]);
    expect(batch.slice(0, 1).toString()).toBe('1234567890');
    batch.marks.set('file', 1);
    batch.clear();
    expect([batch.bytes.length, batch.count, batch.length, batch.marks.size]).toEqual([5, 0, 0, 0]);
    expect(put(batch, '12345')).toBe(true);
  });
});
