import { expect, it } from 'vitest';
import { SparseBuckets } from '../series/sparse-buckets.ts';
import { spansOf } from './native-spans.ts';

/** Expected spans are those of client_golang's `TestNativeHistogram`. */
it.each([
  { buckets: {}, spans: [], deltas: [] },
  { buckets: { 0: 1, 8: 1, 13: 1 }, spans: [[0, 1], [7, 1], [4, 1]], deltas: [1, 0, 0] }, // biome-ignore format: a row
  { buckets: { 0: 1, 2: 2, 4: 2 }, spans: [[0, 5]], deltas: [1, -1, 2, -2, 2] },
  { buckets: { [-2]: 2, [-1]: 2, 0: 2, 1: 4, 2: 3, 3: 1 }, spans: [[-2, 6]], deltas: [2, 0, 0, 2, -1, -2] },
  { buckets: { [-1]: 2, 0: 4, 1: 7, 2: 1 }, spans: [[-1, 4]], deltas: [2, 2, 3, -6] },
  { buckets: { 5: 3, 8: 1 }, spans: [[5, 4]], deltas: [3, -3, 0, 1] },
  { buckets: { 5: 3, 9: 1 }, spans: [[5, 1], [3, 1]], deltas: [3, -2] }, // biome-ignore format: a row
])('writes $buckets as spans $spans and deltas $deltas', ({ buckets, spans, deltas }) => {
  const sparse = new SparseBuckets();
  for (const [index, count] of Object.entries(buckets)) sparse.insert(Number(index), count);
  const written = spansOf(sparse);
  expect(written.spans.map(({ offset, length }) => [offset, length])).toEqual(spans);
  expect(written.deltas).toEqual(deltas);
});
