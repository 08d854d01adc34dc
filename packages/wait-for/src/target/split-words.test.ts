import fc from 'fast-check';
import { expect, it } from 'vitest';
import { splitWords } from './split-words.ts';

it.each([
  ['one', 'tcp://a:1', ['tcp://a:1']],
  ['several, with their columns', 'a  b\tc', ['a', 'b', 'c']],
  ['blanks round them', '  a ', ['a']],
  ['a quoted blank', 'a name="x y"', ['a', 'name=x y']],
  ['single quotes, where a backslash is itself', "body~='a \\d \"'", ['body~=a \\d "']],
  ['escapes in double quotes', '"a \\" \\\\ \\d"', ['a " \\ \\d']],
  ['an empty pair of quotes', 'a ""', ['a', '']],
  ['quotes in the middle', 'a"b c"d', ['ab cd']],
  ['nothing', '   ', []],
])('splits %s', (_, line, words) => {
  const split = splitWords(line);
  expect(split.ok && split.words.map(({ text }) => text)).toEqual(words);
});

it('reports the columns', () => {
  expect(splitWords('ab  "c d" e')).toEqual({
    ok: true,
    words: [
      { text: 'ab', at: 1 },
      { text: 'c d', at: 5 },
      { text: 'e', at: 11 },
    ],
  });
});

it.each([
  ['"ab', 1],
  ['a \'b" c', 3],
  ['a="b\\"', 3],
])('refuses the unclosed quote in %s', (line, at) => {
  expect(splitWords(line)).toMatchObject({ ok: false, at });
});

it('reads quoted words back', () => {
  const word = fc.string({ minLength: 1 });
  fc.assert(
    fc.property(fc.array(word), (words) => {
      const line = words.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`).join(' ');
      const split = splitWords(line);
      expect(split.ok && split.words.map(({ text }) => text)).toEqual(words);
    }),
  );
});
