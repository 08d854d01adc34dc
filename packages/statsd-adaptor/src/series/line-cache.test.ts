import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineScanner } from '../parse/line-scanner.ts';
import { LineCache, type LineCacheBounds } from './line-cache.ts';

/** A cache with text as keys. */
class Asked {
  readonly cache: LineCache<string>;
  readonly scanner = new LineScanner(7);

  constructor(bounds: Partial<LineCacheBounds> = {}) {
    this.cache = new LineCache(bounds);
  }

  get(line: string): string | undefined {
    const bytes = this.#scan(line);
    return this.cache.get(bytes, this.scanner);
  }

  set(line: string, value: string): void {
    const bytes = this.#scan(line);
    this.cache.set(bytes, this.scanner, value);
  }

  #scan(line: string): Buffer {
    const bytes = Buffer.from(`before:1|c\n${line}\nafter:2|c`);
    this.scanner.scan(bytes, 11, bytes.length);
    return bytes;
  }
}

describe('LineCache', () => {
  it('finds a line whatever its value', () => {
    const asked = new Asked();
    asked.set('a.b:1|c|#x:y', 'route');
    expect(
      ['a.b:1|c|#x:y', 'a.b:2.5|c|#x:y', 'a.b:x:y|c|#x:y', 'a.b:1|c|#x:y\r'].map((line) => asked.get(line)),
    ).toEqual([
      'route',
      'route',
      'route',
      // the carriage return is hashed although it is not part of the line, so the first such line is new
      undefined,
    ]);
  });

  it.each([
    ['a.c:1|c|#x:y'],
    ['a.b:1|g|#x:y'],
    ['a.b:1|c|#x:z'],
    ['a.b:1|c'],
    ['a.b:1|c|#x:yy'],
    ['a:b:1|c|#x:y'],
    ['aa.b:1|c|#x:y'],
  ])('does not confuse %s with another line', (line) => {
    const asked = new Asked();
    asked.set('a.b:1|c|#x:y', 'route');
    expect(asked.get(line)).toBeUndefined();
  });

  it('distinguishes keys by their bytes if all hashes are equal', () => {
    const asked = new Asked();
    const bytes = Buffer.from('a:1|c');
    for (const [name, value] of [
      ['a:1|c', 'A'],
      ['b:1|c', 'B'],
      ['c:1|c', 'C'],
    ] as const) {
      asked.scanner.scan(Buffer.from(name), 0, bytes.length);
      asked.scanner.hash = 1;
      asked.cache.set(Buffer.from(name), asked.scanner, value);
    }
    const found = ['a:1|c', 'b:1|c', 'c:1|c', 'd:1|c'].map((name) => {
      asked.scanner.scan(Buffer.from(name), 0, bytes.length);
      asked.scanner.hash = 1;
      return asked.cache.get(Buffer.from(name), asked.scanner);
    });
    expect(found).toEqual(['A', 'B', 'C', undefined]);
  });

  it('keeps one value per key', () => {
    const asked = new Asked();
    for (const value of ['first', 'second']) asked.set('a:1|c', value);
    expect([asked.cache.size, asked.get('a:2|c')]).toEqual([1, 'second']);
  });

  it('keeps all entries while it grows', () => {
    const asked = new Asked();
    for (let at = 0; at < 20_000; at++) asked.set(`metric${at}:1|c|#tag:${at}`, String(at));
    expect(asked.cache.size).toBe(20_000);
    for (let at = 0; at < 20_000; at += 7) expect(asked.get(`metric${at}:9|c|#tag:${at}`)).toBe(String(at));
  });

  it('stays within its bounds and keeps working', () => {
    const asked = new Asked({ maxEntries: 100, maxKeyBytes: 100_000 });
    for (let at = 0; at < 1050; at++) {
      asked.set(`metric${at}:1|c`, String(at));
      expect(asked.get(`metric${at}:1|c`)).toBe(String(at));
    }
    expect(asked.cache.size).toBe(50);
  });

  it('bounds the bytes of its keys', () => {
    const asked = new Asked({ maxKeyBytes: 70_000, maxKeyLength: 1000 });
    for (let at = 0; at < 200; at++) asked.set(`${'x'.repeat(900)}${at}:1|c`, String(at));
    expect(asked.cache.size).toBeLessThan(78);
    asked.set(`${'y'.repeat(1000)}:1|c`, 'too long');
    expect(asked.get(`${'y'.repeat(1000)}:1|c`)).toBeUndefined();
  });

  it('answers like a Map', () => {
    const name = fc.stringMatching(/^[ab]{1,3}$/);
    const step = fc.record({ name, tail: fc.constantFrom('|c', '|g', '|c|#a:b'), isSet: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const asked = new Asked();
        const map = new Map<string, string>();
        for (const [at, { name: head, tail, isSet }] of steps.entries()) {
          const known = asked.get(`${head}:${at}${tail}`);
          expect(known).toBe(map.get(head + tail));
          if (isSet && known === undefined) {
            asked.set(`${head}:${at}${tail}`, String(at));
            map.set(head + tail, String(at));
          }
        }
      }),
    );
  });
});
