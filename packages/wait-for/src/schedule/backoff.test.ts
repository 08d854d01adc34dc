import fc from 'fast-check';
import { expect, it } from 'vitest';
import { backoffMs } from './backoff.ts';

const pace = { intervalMs: 250, maxIntervalMs: 5000 };

it.each([
  [1, 250],
  [2, 500],
  [3, 1000],
  [5, 4000],
  [6, 5000],
  [10_000, 5000],
])('after %i failures the limit of the pause is %i ms', (failures, longest) => {
  expect(backoffMs(pace, failures, () => 1)).toBe(longest);
});

it('is random between 0 and the limit', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e6 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (failures, random) => {
        const ms = backoffMs(pace, failures, () => random);
        expect(ms).toBeGreaterThanOrEqual(0);
        expect(ms).toBeLessThanOrEqual(5000);
        expect(ms).toBe(backoffMs(pace, failures, () => 1) * random);
      },
    ),
  );
});
