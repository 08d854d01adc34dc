import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { trackedFiles } from './tracked-files.ts';

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
  [/\bthe redis behind\b/i, 'upstream'],
  [/\bwhat (?:it|they) (?:held|had) before\b/i, 'earlier content'],
  [/\bwhat (?:it|they) begins? with\b/i, 'the first bytes'],
  [/\bthat which\b/i, 'the noun'],
  [/\bso[- ]called\b/i, 'the name alone'],
  [/\b(?:allow|enable|permit)s? to\b/i, 'lets, can'],
  [/\b(?:beside|despite|except) of\b/i, 'beside, despite, except for'],
  [/\bdepend(?:s|ed|ing)? from\b/i, 'depends on'],
  [/\binformations\b/i, 'information'],
  [/\bper default\b/i, 'by default'],
  [/\ban own\b/i, 'one of its own'],
];

/** All that people read; this file names the phrases itself. */
const files = trackedFiles(
  root,
  ...['*.ts', '*.mjs', '*.js', '*.md', '*.yaml', '*.yml', '*.html', '*.css', '*.hcl'],
  ...['*Dockerfile', 'Makefile'],
).filter((file) => !file.includes('/golden/') && !file.endsWith('english.test.ts'));

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

const translated = [
  'a second container belongs into the pod',
  'it does not fit to the bytes',
  'until when requests may take',
  'a URL that is none',
  'the Secret, which is none',
  'options such as it does',
  'only then is it sent',
  'least severe level',
  'the server, and how to log in there',
  'where clients connect',
  'upstream sent nonsense',
  'parts what was lost',
  'the Redis behind',
  'what it held before',
  'what it begins with now',
  'that which was lost',
  'the so-called primary',
  'an option that allows to wait',
  'all sinks except of one',
  'depends from the load',
  'informations about the pod',
  'on per default',
  'it has an own port',
];

it.each(translated)('%j reads translated', (text) => {
  expect(phrases.filter(([phrase]) => phrase.test(text))).toHaveLength(1);
});

it('each phrase has a case above', () => {
  const found = phrases.filter(([phrase]) => translated.some((text) => phrase.test(text)));
  expect(found).toEqual(phrases);
});

it.each([
  'undefined if there is none',
  'a container belongs in a pod',
  'allowed to read',
  'the files beside it, except for one',
  'a text that fits to be sent',
  'for example',
])('%j reads well', (text) => {
  expect(phrases.filter(([phrase]) => phrase.test(text))).toEqual([]);
});
