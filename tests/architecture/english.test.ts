import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** Phrases that read translated, each with the plain form. */
const phrases: ReadonlyArray<readonly [phrase: RegExp, instead: string]> = [
  [/\bbelongs? into\b/i, 'belongs in'],
  [/\bfits? to\b(?! be\b)/i, 'fits, matches'],
  [/\buntil when\b/i, 'until then, deadline for'],
  [/\b(?:that|which|what|it|this|one|and) (?:is|are|was|were) none\b/i, 'is not one'],
  [/\bsuch as (?:it|they) do(?:es)?\b/i, 'for example'],
  [/\bonly then (?:is|are|does|do|was|were)\b/i, 'later, then'],
  [/\b[Ll]east severe\b/, 'lowest severity'],
  [/\bhow to log in there\b/i, 'credentials'],
  [/\bwhere clients connect\b/i, 'address to listen on'],
  [/\bsent nonsense\b/i, 'protocol error'],
  [/\bparts what\b/i, 'splits'],
];

/** All that people read; this file names the phrases itself. */
const files = execFileSync(
  'git',
  ['ls-files', '*.ts', '*.mjs', '*.js', '*.md', '*.yaml', '*.yml', '*.html', '*.css'],
  {
    cwd: root,
    encoding: 'utf8',
  },
)
  .trim()
  .split('\n')
  .filter((file) => !file.includes('/golden/') && !file.endsWith('english.test.ts'));

it('no text has a phrase that reads translated', () => {
  const found = files.flatMap((file) =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .flatMap((line, index) =>
        phrases
          .filter(([phrase]) => phrase.test(line))
          .map(([phrase, instead]) => `${file}:${index + 1}: ${phrase.exec(line)?.[0]} → ${instead}`),
      ),
  );
  expect(found).toEqual([]);
});

it.each([
  ['a second container belongs into the pod', true],
  ['a URL that is none', true],
  ['the Secret, which is none', true],
  ['it does not fit to the bytes', true],
  ['undefined if there is none', false],
  ['a container belongs in a pod', false],
  ['for example', false],
])('%j reads translated: %s', (text, expected) => {
  expect(phrases.some(([phrase]) => phrase.test(text))).toBe(expected);
});
