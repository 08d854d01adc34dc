import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NativeHistogram, nativeBytes } from './native-histogram.ts';
import { SeriesMemory } from './series-memory.ts';

const open = (memory = new SeriesMemory()) => memory.open(nativeBytes);

function observed(values: readonly number[], bucketFactor: number, maxBuckets = 256): NativeHistogram {
  const histogram = new NativeHistogram({ bucketFactor, maxBuckets }, open());
  for (const value of values) histogram.observe(value, 1);
  return histogram;
}

/** Count by bucket index. */
function buckets({ indexes, counts }: NativeHistogram['positive']): Record<number, number | undefined> {
  return Object.fromEntries(indexes.map((index, at) => [index, counts[at]]));
}

function total({ zeroCount, positive, negative }: NativeHistogram): number {
  return [...positive.counts, ...(negative?.counts ?? [])].reduce((sum, count) => sum + count, zeroCount);
}

describe('a native histogram', () => {
  it.each([
    { values: [0, 1, 2, 3], factor: 1.1, schema: 3, zero: 1, positive: { 0: 1, 8: 1, 13: 1 } },
    { values: [0, 1, 1.2, 1.4, 1.8, 2], factor: 1.2, schema: 2, zero: 1, positive: { 0: 1, 2: 2, 4: 2 } },
    {
      values: [0.0156251, 0.0625, 0.1, 0.25, 0.5, 1, 1.5, 2, 3, 3.5, 5, 6, 7, 33.33],
      factor: 4,
      schema: -1,
      zero: 0,
      positive: { [-2]: 2, [-1]: 2, 0: 2, 1: 4, 2: 3, 3: 1 },
    },
    { values: [2 ** -128, -(2 ** -129), 1e-300], factor: 1.1, schema: 3, zero: 3, positive: {} },
    { values: [2 ** -127], factor: 65_536, schema: -4, zero: 0, positive: { [-7]: 1 } },
  ])('of factor $factor counts $values by bucket', ({ values, factor, schema, zero, positive }) => {
    const histogram = observed(values, factor);
    expect(histogram).toMatchObject({ schema, zeroCount: zero });
    expect(buckets(histogram.positive)).toEqual(positive);
    expect(histogram.negative).toBeUndefined();
  });

  it('counts negative values separately', () => {
    const { zeroCount, positive, negative } = observed([0, -1, -1.2, -1.4, -1.8, -2, 1], 1.2);
    expect(zeroCount).toBe(1);
    expect(buckets(positive)).toEqual({ 0: 1 });
    expect(negative && buckets(negative)).toEqual({ 0: 1, 2: 2, 4: 2 });
  });

  it.each([
    { values: [0, 1, 1.2, 1.4, 1.8, 2], schema: 2, positive: { 0: 1, 2: 2, 4: 2 } },
    { values: [0, 1, 1.1, 1.2, 1.4, 1.8, 2, 3], schema: 1, positive: { 0: 1, 1: 3, 2: 2, 4: 1 } },
  ])('limited to 4 buckets has schema $schema after $values', ({ values, schema, positive }) => {
    const histogram = observed(values, 1.2, 4);
    expect(histogram.schema).toBe(schema);
    expect(buckets(histogram.positive)).toEqual(positive);
  });

  it('halves once for each observation beyond the limit, down to the coarsest schema', () => {
    const spread = Array.from({ length: 40 }, (_, at) => 10 ** (at * 7 - 30));
    const histogram = observed(spread, 1.1, 2);
    expect(histogram.schema).toBe(-4);
    expect(total(histogram)).toBe(40);
    expect(observed(spread.slice(0, 3), 1.1, 2).schema).toBe(2);
  });

  it('halves for a sampled observation as for that many single ones', () => {
    const [sampled, repeated] = [observed([1, 100, 1e4], 1.1, 3), observed([1, 100, 1e4], 1.1, 3)];
    sampled.observe(1e9, 5);
    for (let times = 0; times < 5; times++) repeated.observe(1e9, 1);
    expect(sampled.schema).toBe(repeated.schema);
    expect(buckets(sampled.positive)).toEqual(buckets(repeated.positive));
  });

  it('ends as if its last schema had been in use from the start', () => {
    const values = fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { maxLength: 300 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 60 }), (list, maxBuckets) => {
        const limited = observed(list, 1.02, maxBuckets);
        const coarse = observed(list, 2 ** (2 ** -limited.schema) * 1.0001, Number.POSITIVE_INFINITY);
        expect(coarse.schema).toBe(limited.schema);
        expect(buckets(limited.positive)).toEqual(buckets(coarse.positive));
        expect(total(limited)).toBe(list.length);
      }),
    );
  });
});

describe('a native histogram without memory to grow', () => {
  it('loses resolution before it loses values', () => {
    const memory = new SeriesMemory(nativeBytes + 10);
    const histogram = new NativeHistogram({ bucketFactor: 1.002, maxBuckets: 1000 }, open(memory));
    for (let value = 1; value < 1000; value++) histogram.observe(value, 1);
    expect(memory.lostSamples).toBe(0);
    expect(histogram.positive.size).toBeLessThanOrEqual(16);
    expect(histogram.schema).toBe(0);
    expect(total(histogram)).toBe(999);
  });

  it('counts values without a bucket as zero, so that counts add up', () => {
    const memory = new SeriesMemory(nativeBytes + 10);
    const histogram = new NativeHistogram({ bucketFactor: 1.1, maxBuckets: 256 }, open(memory));
    for (let power = -120; power < 1000; power += 16) histogram.observe(2 ** power, 1);
    expect(memory.lostSamples).toBeGreaterThan(0);
    expect(histogram.zeroCount).toBe(memory.lostSamples);
    expect(total(histogram)).toBe(70);
  });
});
