import { expect, it } from 'vitest';
import { compareQuantities, parseQuantity, roundUp } from './quantity.ts';

const whole = (value: unknown) => {
  const quantity = parseQuantity(value);
  return quantity && roundUp(quantity, 0);
};

it.each<[unknown, number | undefined]>([
  ['1', 1],
  [2, 2],
  [0.5, 1],
  ['1k', 1000],
  ['1Ki', 1024],
  ['1.5Gi', 1.5 * 1024 ** 3],
  ['1e3', 1000],
  ['1E', 1e18],
  ['1E3', 1000],
  ['100m', 1],
  ['.5', 1],
  ['5.', 5],
  ['-3', -3],
  ['+3', 3],
  [1e21, 1e21],
  ['', undefined],
  ['64MiB', undefined],
  ['1 Gi', undefined],
  ['1K', undefined],
  ['m', undefined],
  ['1e', undefined],
  ['0x10', undefined],
  [true, undefined],
  [Number.NaN, undefined],
  ['9'.repeat(100), undefined],
])('%j is %j whole units', (value, expected) => {
  expect(whole(value)).toBe(expected);
});

it.each([
  ['500m', '0.5', 0],
  ['1Ki', '1024', 0],
  ['1Ki', '1k', 1],
  ['999m', '1', -1],
])('compares %s with %s', (a, b, expected) => {
  const [left, right] = [parseQuantity(a), parseQuantity(b)];
  expect(left && right && compareQuantities(left, right)).toBe(expected);
});
