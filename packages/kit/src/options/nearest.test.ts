import { expect, it } from 'vitest';
import { didYouMean, nearest } from './nearest.ts';

it.each([
  ['lisen', 'listen'],
  ['Listen', 'listen'],
  ['upstraem', 'upstream'],
  ['x', undefined],
  ['completely-else', undefined],
  ['', undefined],
])('finds the name nearest to %j: %j', (word, expected) => {
  expect(nearest(word, ['listen', 'upstream', 'links'])).toBe(expected);
});

it('phrases a suggestion, if there is one', () => {
  expect(didYouMean('lsten', ['listen'], (name) => `--${name}`)).toBe(' (did you mean --listen?)');
  expect(didYouMean('zzzz', ['listen'])).toBe('');
});
