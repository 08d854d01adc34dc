import { describe, expect, it } from 'vitest';
import { understood } from '../../testing/understood.ts';
import { Pattern, readSlashed } from './pattern.ts';

describe('Pattern', () => {
  it.each([
    ['^a.c$', 'abc', 'xabc'],
    ['\\d{3}-\\w+\\b', 'x 123-ab_', '12-a'],
    ['(?<user>bob|eve)=(?:1|2)', 'eve=2', 'eve=3'],
    ['\\u00e9|\\x41|\\u{1F600}', 'é', 'e'],
    ['[^\\]\\-a-c/]', 'd', '-'],
    ['a{2,3}', 'aa', 'a'],
    ['\\p{Lu}', 'É', 'é'],
    ['\\{"a":\\s*"[^"]*"\\}', '{"a": "b"}', '{"a": 1}'],
  ])('matches %s as JavaScript does', (source, matching, other) => {
    expect(new RegExp(source, source.includes('{L') || source.includes('u{') ? 'u' : '').test(matching)).toBe(
      true,
    );
    expect(understood(Pattern.read(source)).test(matching)).toBe(true);
    expect(understood(Pattern.read(source)).test(other)).toBe(false);
  });

  it.each([
    ['i', 'abc', 'xABCx', true],
    ['', 'abc', 'xABCx', false],
    ['m', '^b$', 'a\nb\nc', true],
    ['', '^b$', 'a\nb\nc', false],
    ['s', 'a.b', 'a\nb', true],
    ['', 'a.b', 'a\nb', false],
    ['u', '^.$', '😀', true],
    ['ims', '^B.C$', 'a\nb\nc\nd', true],
  ])('applies the flags %j to /%s/', (flags, source, text, isMatch) => {
    expect(understood(Pattern.read(source, flags)).test(text)).toBe(isMatch);
  });

  it.each([
    ['(?=a)', 'invalid or unsupported Perl syntax'],
    ['a(?!b)', 'invalid or unsupported Perl syntax'],
    ['(?<=a)b', 'invalid named capture'],
    ['(?<!a)b', 'invalid named capture'],
    ['(a)\\1', 'invalid escape sequence'],
    ['(?<n>a)\\k<n>', 'back-reference'],
    ['(', 'missing closing )'],
    ['[b-a]', 'invalid character class range'],
    ['a{2,1001}', 'invalid repeat count'],
  ])('refuses %s with the reason', (source, reason) => {
    expect(Pattern.read(source)).toEqual({
      reason: `not a regular expression: ${reason} (RE2 has no look-around and no back-references)`,
    });
  });

  // a backtracking engine would need years for each
  it.each([
    ['(?:a+)+$', 'a', '!'],
    ['(?:a|aa)+$', 'a', '!'],
    ['(?:.*,){20}x', 'a,', ''],
    ['\\s+$', ' ', 'x'],
    ['[\\w.]+@[\\w.]+\\.com', 'a@', ''],
    ['(x+x+)+y', 'x', ''],
  ])('matches %s against 1 MB of %j in linear time', { timeout: 120_000 }, (source, repeated, tail) => {
    const startedMs = performance.now();
    expect(understood(Pattern.read(source)).test(repeated.repeat(1_000_000 / repeated.length) + tail)).toBe(
      false,
    );
    expect(performance.now() - startedMs).toBeLessThan(20_000);
  });
});

it.each(['', '/', '//', 'a', '/a', '/a/x', '/a/g'])('readSlashed rejects %j', (text) => {
  expect(readSlashed(text)).toBeUndefined();
});

it('readSlashed gives the reason of RE2 against an expression', () => {
  expect(readSlashed('/(/')).toEqual(Pattern.read('('));
});
