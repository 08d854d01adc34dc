import { describe, expect, it } from 'vitest';
import { Window } from './window.ts';

const mib = 1024 * 1024;

describe('Window', () => {
  it('grows with the replies, up to its maximum', () => {
    const window = new Window(16 * mib);
    expect(window.size).toBe(64);
    window.observe(64, 64 * 10);
    expect(window.size).toBe(128);
    for (let round = 0; round < 100; round++) window.observe(100, 1000);
    expect(window.size).toBe(4096);
  });

  it('shrinks at once for large replies, to at least one', () => {
    const window = new Window(16 * mib);
    window.observe(1, mib);
    expect(window.size).toBe(16);
    window.observe(1, 100 * mib);
    expect(window.size).toBe(1);
  });

  it('grows again when replies are small', () => {
    const window = new Window(16 * mib);
    window.observe(1, 100 * mib);
    for (let round = 0; round < 100; round++) window.observe(1, 10);
    expect(window.size).toBeGreaterThan(64);
  });
});
