import { parseGoFloat } from './go-float.ts';

/** Packed values of counters and gauges are smaller; a longer number is part of a name with colons. */
const tooLarge = 1e15;

/**
 * Reads the packed values of one counter or gauge. DogStatsD packs them; upstream refuses them, as a name such as
 * `Billing::Invoice` looks the same. Returns undefined, which refuses the line, if any value is bad.
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
