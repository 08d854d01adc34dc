import { expect, it } from 'vitest';
import { countOf, onesOf, splitBy } from './spans.ts';

const spans = [
  { from: 2, to: 5 },
  { from: 7, to: 9 },
];

it('spans can be counted, split by a condition and taken apart into single places', () => {
  expect(countOf(spans)).toBe(5);
  expect(countOf([])).toBe(0);
  expect(splitBy(spans, (place) => place < 2)).toEqual([
    [{ from: 2, to: 4 }],
    [
      { from: 4, to: 5 },
      { from: 7, to: 9 },
    ],
  ]);
  expect(splitBy(spans, (place) => place === 3)).toEqual([
    [{ from: 7, to: 8 }],
    [
      { from: 2, to: 5 },
      { from: 8, to: 9 },
    ],
  ]);
  expect(onesOf(spans).map(([span]) => span?.from)).toEqual([2, 3, 4, 7, 8]);
});
