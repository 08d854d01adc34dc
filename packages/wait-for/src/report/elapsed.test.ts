import { expect, it } from 'vitest';
import { formatElapsed } from './elapsed.ts';
import { truncate } from './termination-log.ts';

it.each([
  [0, '0ms'],
  [339.6, '340ms'],
  [1000, '1.0s'],
  [12_345, '12.3s'],
  [59_949, '59.9s'],
  [59_950, '1m0s'],
  [302_000, '5m2s'],
  [3_600_000, '60m0s'],
])('%d ms is %s', (ms, text) => {
  expect(formatElapsed(ms)).toBe(text);
});

it.each([
  ['abc', 3, 'abc'],
  ['abcdef', 5, 'ab…'],
  ['ääää', 7, 'ää…'],
  ['ääää', 8, 'ääää'],
  ['😀😀', 7, '😀…'],
])('%s in %i bytes is %s', (text, bytes, cut) => {
  expect(truncate(text, bytes)).toBe(cut);
});
