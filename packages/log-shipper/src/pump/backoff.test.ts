import { describe, expect, it } from 'vitest';
import { backoffMs } from './backoff.ts';

const policy = { firstMs: 100, mostMs: 1000 };

describe('backoffMs', () => {
  it.each([
    [0, 50, 100],
    [1, 100, 200],
    [3, 400, 800],
    [4, 500, 1000],
    [1000, 500, 1000],
  ])('waits after attempt %d between %d and %d ms', (attempt, least, most) => {
    expect(backoffMs(attempt, policy, () => 0)).toBe(least);
    expect(backoffMs(attempt, policy, () => 1)).toBe(most);
  });
});
