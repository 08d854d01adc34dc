import { describe, expect, it } from 'vitest';
import { understood } from '../../../testing/understood.ts';
import { mostWork, Pattern, readSlashed } from '../../pattern/pattern.ts';
import { byPattern } from './by-pattern.ts';
import { hide } from './secret.ts';

/** Redacts a text, and tells whether the search was given up. */
function redact(how: string, text: string, isLate: () => boolean = () => false) {
  const pattern = understood(readSlashed(how));
  let isGivenUp = false;
  const shown = hide(text, byPattern(pattern)(text, isLate), () => {
    isGivenUp = true;
  });
  return { shown, isGivenUp };
}

/** A clock that reaches the deadline after this many matches. */
function lateAfter(matches: number): () => boolean {
  let asked = 0;
  return () => asked++ >= matches;
}

describe('an expression of the user', () => {
  it.each([
    ['/id=\\d+/', 'a id=1 b id=22', 'a *** b ***'],
    ['/ID/i', 'id', '***'],
    ['/^b/m', 'a\nb', 'a\n***'],
    ['/a.b/s', 'a\nb', '***'],
    ['/x*/', 'axxb', 'a***b'],
    ['/(?<user>\\w+)@/', 'to me@h', 'to ***h'],
    ['/\\u00e9/', 'né', 'n***'],
    ['/no/', 'text', 'text'],
  ])('%s turns %j into %j', (how, text, shown) => {
    expect(redact(how, text)).toEqual({ shown, isGivenUp: false });
  });

  it.each(['/(?=a)/', '/(?<!a)b/', '/(a)\\1/', '/(/', '/a{2000}/', '/a/y'])('cannot be %s', (how) => {
    expect(readSlashed(how)).not.toBeInstanceOf(Pattern);
  });

  it.each([
    [0, 'key=1 key=2 text', '***'],
    [1, 'key=1 key=2 text', '******'],
    [1, 'key=1 text', '***text'],
    [2, 'key=1 key=2 text', '******text'],
    [0, 'text', 'text'],
  ])(
    'that times out after %i matches hides the rest only if it has another match: %j',
    (most, text, shown) => {
      expect(redact('/key=\\d ?/', text, lateAfter(most)).shown).toBe(shown);
    },
  );

  it('hides the rest of a line that is too long to search', () => {
    const text = `a=1 ${'-'.repeat(mostWork)} a=2 b`;
    expect(redact('/a=\\d/', text)).toEqual({ shown: '***', isGivenUp: true });
    expect(redact('/b=\\d/', text)).toEqual({ shown: text, isGivenUp: false });
  });
});
