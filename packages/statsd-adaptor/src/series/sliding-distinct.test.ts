import { describe, expect, it } from 'vitest';
import { SlidingDistinct } from './sliding-distinct.ts';

const options = { windowMs: 10_000, seed: 12345 };
const members = (count: number, prefix = 'visitor') =>
  Array.from({ length: count }, (_, at) => `${prefix}-${at}`);

describe('SlidingDistinct', () => {
  it.each([[0], [1], [2], [100], [1000], [1024]])('counts %d members exactly', (count) => {
    const distinct = new SlidingDistinct(options);
    for (let round = 0; round < 2; round++) for (const member of members(count)) distinct.add(member, 0);
    expect(distinct.count(0)).toBe(count);
  });

  it.each([[1100], [5000], [20_000], [100_000], [300_000]])('estimates %d members within 5 %%', (count) => {
    const distinct = new SlidingDistinct(options);
    for (const member of members(count)) distinct.add(member, 0);
    // three times the standard error
    expect(Math.abs(distinct.count(0) / count - 1)).toBeLessThan(0.05);
  });

  it.each([
    ['digits', (at: number) => String(at)],
    ['one letter apart', (at: number) => `user:${String.fromCharCode(65 + (at % 26))}${at}`],
    ['padded', (at: number) => String(at).padStart(40, '0')],
  ])('estimates members that are %s', (_, name) => {
    const distinct = new SlidingDistinct(options);
    for (let at = 0; at < 50_000; at++) distinct.add(name(at), 0);
    expect(Math.abs(distinct.count(0) / 50_000 - 1)).toBeLessThan(0.05);
  });

  it('forgets members that did not come again within the window', () => {
    const distinct = new SlidingDistinct(options);
    for (const member of members(10)) distinct.add(member, 0);
    distinct.add('visitor-3', 6000);
    expect([0, 7000, 9999].map((now) => distinct.count(now))).toEqual([10, 10, 10]);
    expect(distinct.count(12_000)).toBe(1);
    expect(distinct.count(16_000)).toBe(0);
  });

  it('forgets estimated members too, and counts exactly again', () => {
    const distinct = new SlidingDistinct(options);
    for (const member of members(5000)) distinct.add(member, 0);
    for (const member of members(2000, 'later')) distinct.add(member, 8000);
    expect(distinct.count(9000) / 7000).toBeCloseTo(1, 1);
    expect(distinct.count(12_000) / 2000).toBeCloseTo(1, 1);
    expect(distinct.count(30_000)).toBe(0);
    for (const member of members(3)) distinct.add(member, 30_000);
    expect(distinct.count(30_000)).toBe(3);
  });

  it('makes room by forgetting before it starts to estimate', () => {
    const distinct = new SlidingDistinct(options);
    for (let second = 0; second < 100; second++)
      for (const member of members(50, `s${second}`)) distinct.add(member, second * 1000);
    // 50 a second in a window of 8 to 10 s are few enough to count
    expect(distinct.count(99_000) % 50).toBe(0);
  });
});
