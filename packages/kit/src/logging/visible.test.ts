import fc from 'fast-check';
import { expect, it } from 'vitest';
import { visible } from './visible.ts';

it.each([
  ['plain text', 'refused: [::1]:6379', 'refused: [::1]:6379'],
  ['letters of any script', 'größe 大きさ 🙂', 'größe 大きさ 🙂'],
  ['an escape that clears the screen', 'a\u001b[2Jb', 'a\\u001b[2Jb'],
  ['an escape of one character', 'a\u009b2Jb', 'a\\u009b2Jb'],
  ['a second line', 'a\nwait-for: ready', 'a\\u000await-for: ready'],
  ['a return to the start of the line', 'a\rb', 'a\\u000db'],
  ['a line separator', 'a\u2028b', 'a\\u2028b'],
  ['a reversal of the text direction', 'a\u202eb', 'a\\u202eb'],
])('shows %s', (_, text, shown) => {
  expect(visible(text)).toBe(shown);
});

it('leaves no terminal control characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(visible(text)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
    }),
  );
});
