import fc from 'fast-check';
import { expect, it } from 'vitest';
import { maskUrl } from './mask.ts';

it.each([
  ['redis://user:pw@h:1/0', 'redis://user:***@h:1/0'],
  ['redis://:pw@h', 'redis://:***@h'],
  ['https://token@h/x', 'https://***@h/x'],
  ['redis://h:6379', 'redis://h:6379'],
  ['redis-sentinel://u:p@a:1,b:2/m', 'redis-sentinel://u:***@a:1,b:2/m'],
  ['redis://u:p@ss@h', 'redis://u:***@h'],
  ['two redis://a:b@c and amqp://d:e@f', 'two redis://a:***@c and amqp://d:***@f'],
])('%s is shown as %s', (url, shown) => {
  expect(maskUrl(url)).toBe(shown);
});

it('never shows a password', () => {
  const word = fc.stringMatching(/^[a-z0-9@:%!]{8,16}$/);
  fc.assert(
    fc.property(word, (password) => {
      expect(maskUrl(`redis://user:${password}@host:6379/0`)).not.toContain(password);
    }),
  );
});
