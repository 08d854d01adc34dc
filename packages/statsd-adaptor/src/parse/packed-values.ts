import { parseGoFloat } from './go-float.ts';

/** A packed value of a counter or gauge is smaller: one with more digits is a piece of a name that holds colons. */
const tooLarge = 1e15;

/**
 * Reads the packed values of one counter or gauge. DogStatsD packs them and upstream refuses all, since a name
 * such as `Billing::Invoice` looks the same: one bad value is enough to refuse the line, which is undefined.
 */
export function readPack(kind: 'counter' | 'gauge', texts: readonly string[]): number[] | undefined {
  const lowest = kind === 'counter' ? 0 : -tooLarge;
  const values: number[] = [];
  for (const text of texts) {
    const value = parseGoFloat(text);
    // nor is NaN
    if (value === undefined || !(value >= lowest && Math.abs(value) < tooLarge)) return undefined;
    values.push(value);
  }
  return values;
}
