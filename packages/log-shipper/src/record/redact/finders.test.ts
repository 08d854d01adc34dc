import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { namedRedactions } from '../redaction.ts';
import { hide } from './secret.ts';

/** Reference expressions, which backtrack in quadratic time. */
const meant = {
  'url-credentials':
    /(?<keep>[a-z][a-z0-9+.-]*:(?:\\?\/){2}(?:[^\s/?#"'<>\\@:]*:(?=[^@]))?)[^\s/?#"'<>\\]+(?=@)/gi,
  authorization:
    /(?<keep>authorization["'\\]*\s*[:=]\s*\[?\s*["'\\]*(?:(?:bearer|basic|digest|token|apikey|negotiate)\s+)?)[^\s"'\\,;\]}]+/gi,
  email: /(?<keep>)[\w.%+-]+@[\w-]+(?:\.[\w-]+)+/g,
  jwt: /(?<keep>)\beyJ[\w-]+\.[\w-]+\.[\w-]*/g,
} as const;

/** Pieces of lines: all that the expressions treat specially. */
const pieces = {
  'url-credentials': [
    'a',
    'Z',
    '1',
    '+',
    '.',
    '_',
    ':',
    '/',
    '\\',
    '@',
    '?',
    '"',
    ' ',
    'é',
    '://',
    ':\\/\\/',
  ],
  authorization: [
    'authorization',
    'AUTHORIZATION',
    'bearer',
    ':',
    '=',
    '[',
    ']',
    '"',
    '\\',
    ' ',
    ',',
    'x',
    'é',
  ],
  email: ['a', '_', '.', '%', '-', '@', '@', ' ', 'é', '1'],
  jwt: ['eyJ', 'eyJ', 'e', 'y', '.', '.', '-', '_', ' ', 'é', 'a'],
} as const satisfies Record<keyof typeof meant, readonly string[]>;

const names = Object.keys(meant) as Array<keyof typeof meant>; // `keyof` of the object's own keys

describe.each(names)('%s', (name) => {
  it('hides the matches of its expression in any line', () => {
    const lines = fc.array(fc.constantFrom(...pieces[name]), { maxLength: 24 }).map((some) => some.join(''));
    fc.assert(
      fc.property(lines, (line) => {
        const hidden = hide(
          line,
          namedRedactions[name].find(line, () => false),
          () => undefined,
        );
        expect(hidden).toBe(line.replace(meant[name], '$<keep>***'));
      }),
      { numRuns: 5000 },
    );
  });
});
