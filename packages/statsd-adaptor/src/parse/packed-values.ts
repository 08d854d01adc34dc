import { parseGoFloat } from './go-float.ts';

/** A packed value of a counter or gauge is smaller: one with more digits is a piece of a name that holds colons. */
const tooLarge = 1e15;

/**
 * Tells whether these are the packed values of one counter or gauge. DogStatsD packs them and upstream refuses
 * all, since a name such as `Billing::Invoice` looks the same: one bad value is enough to refuse the line.
 */
export function arePacked(kind: 'counter' | 'gauge', values: readonly string[]): boolean {
  const lowest = kind === 'counter' ? 0 : Number.NEGATIVE_INFINITY;
  return values.every((text) => {
    const value = parseGoFloat(text);
    return value !== undefined && value >= lowest && Math.abs(value) < tooLarge;
  });
}
