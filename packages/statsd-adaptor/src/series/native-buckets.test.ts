import { describe, expect, it } from 'vitest';
import { bucketIndex, schemaOf } from './native-buckets.ts';

describe('schemaOf', () => {
  it.each([
    [1.0000001, 8],
    [1.0001, 8],
    [1.002, 8],
    [1.0028, 8],
    [1.006, 7],
    [1.02, 6],
    [1.03, 5],
    [1.05, 4],
    [1.1, 3],
    [1.2, 2],
    [1.5, 1],
    [1.99, 1],
    [2, 0],
    [3.99, 0],
    [4, -1],
    [15.9, -1],
    [17, -2],
    [256, -3],
    [65_535, -3],
    [65_536, -4],
    [1e9, -4],
    [Number.MAX_VALUE, -4],
    [Number.POSITIVE_INFINITY, -4],
  ])('of growth factor %d is %d', (factor, schema) => {
    expect(schemaOf(factor)).toBe(schema);
  });
});

/** Upper bounds of buckets, from client_golang's `TestGetLe` and its test of histograms. */
const bounds: ReadonlyArray<readonly [schema: number, index: number, bound: number]> = [
  [-4, 0, 1],
  [-4, 1, 65_536],
  [-4, -1, 2 ** -16],
  [-2, 1, 16],
  [-2, 2, 256],
  [-1, -1, 0.25],
  [-1, 0, 1],
  [-1, 1, 4],
  [-1, 512, Number.MAX_VALUE],
  [0, -1, 0.5],
  [0, 0, 1],
  [0, 1, 2],
  [0, 1024, Number.MAX_VALUE],
  [1, -1, 0.7071067811865475],
  [2, -1, 0.8408964152537144],
  [2, 0, 1],
  [2, 1, 1.189207115002721],
  [2, 4096, Number.MAX_VALUE],
  [3, -2, 0.8408964152537144],
  [3, 8, 2],
  [3, -80, 2 ** -10],
  [8, -1, 0.9972960560854698],
  [8, -255, 0.5013556375251013],
  [8, 256, 2],
];

describe('bucketIndex', () => {
  it.each(bounds)('of schema %d: bucket %d ends at %d', (schema, index, bound) => {
    const ulp = 2 ** (Math.floor(Math.log2(bound)) - 52);
    expect(bucketIndex(bound, schema)).toBe(index);
    expect(bucketIndex(bound * (1 - 1e-9), schema)).toBe(index);
    if (bound < Number.MAX_VALUE) expect(bucketIndex(bound + ulp, schema)).toBe(index + 1);
  });

  it('merges pairs of buckets with each coarser schema', () => {
    for (let value = 1e-30; value < 1e30; value *= 1.017) {
      for (let schema = -4; schema < 8; schema++) {
        expect(bucketIndex(value, schema)).toBe((bucketIndex(value, schema + 1) + 1) >> 1);
      }
    }
  });
});
