import { describe, expect, it } from 'vitest';
import { Rate } from './rate.ts';

describe('Rate', () => {
  it('counts the last ten seconds', () => {
    let now = 0;
    const rate = new Rate(() => now);
    expect(rate.perSecond()).toBe(0);
    for (let second = 0; second < 30; second++) {
      for (let index = 0; index < 10; index++) {
        now += 100;
        rate.add(5);
      }
    }
    expect(rate.total).toBe(1500);
    expect(rate.perSecond()).toBeGreaterThan(45);
    expect(rate.perSecond()).toBeLessThan(55);
    now += 60_000;
    expect(rate.perSecond()).toBe(0);
  });

  it('does not exaggerate a short burst', () => {
    let now = 0;
    const rate = new Rate(() => now);
    now = 1;
    rate.add(100);
    expect(rate.perSecond()).toBe(100);
  });
});
