import { describe, expect, it } from 'vitest';
import { LruCache, RandomCache } from './match-cache.ts';

describe('LruCache', () => {
  it('evicts the least recently used value', () => {
    const cache = new LruCache<number>(2);
    cache.set('a', 1);
    cache.set('b', 2);
    expect(cache.get('a')).toBe(1);
    cache.set('c', 3);
    expect([cache.get('a'), cache.get('b'), cache.get('c'), cache.size]).toEqual([1, undefined, 3, 2]);
  });

  it('replaces a value without forgetting another', () => {
    const cache = new LruCache<number>(2);
    cache.set('a', 1);
    cache.set('b', 2);
    cache.set('b', 3);
    expect([cache.get('a'), cache.get('b')]).toEqual([1, 3]);
  });

  it('remembers nothing with a capacity of 0', () => {
    const cache = new LruCache<number>(0);
    cache.set('a', 1);
    expect([cache.get('a'), cache.size]).toEqual([undefined, 0]);
  });
});

describe('RandomCache', () => {
  it('evicts a random value', () => {
    const cache = new RandomCache<number>(3, () => 0.5);
    for (const [at, key] of ['a', 'b', 'c', 'd'].entries()) cache.set(key, at);
    expect(['a', 'b', 'c', 'd'].map((key) => cache.get(key))).toEqual([0, undefined, 2, 3]);
    expect(cache.size).toBe(3);
  });

  it('stays within its capacity', () => {
    let draw = 0;
    const cache = new RandomCache<number>(10, () => (draw = (draw + 0.37) % 1));
    for (let key = 0; key < 1000; key++) cache.set(String(key % 25), key);
    expect(cache.size).toBe(10);
  });

  it('remembers nothing with a capacity of 0', () => {
    const cache = new RandomCache<number>(0, () => 0);
    cache.set('a', 1);
    expect(cache.size).toBe(0);
  });
});
