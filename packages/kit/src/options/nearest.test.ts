import { expect, it } from 'vitest';
import { didYouMean, nearest } from './nearest.ts';

it.each([
  ['lisen', 'listen'],
  ['Listen', 'listen'],
  ['upstraem', 'upstream'],
  ['x', undefined],
  ['completely-else', undefined],
  ['', undefined],
])('%j is nearest to %j', (word, expected) => {
  expect(nearest(word, ['listen', 'upstream', 'links'])).toBe(expected);
});

it('words a suggestion, or nothing', () => {
  expect(didYouMean('lsten', ['listen'], (name) => `--${name}`)).toBe(' (did you mean --listen?)');
  expect(didYouMean('zzzz', ['listen'])).toBe('');
});
