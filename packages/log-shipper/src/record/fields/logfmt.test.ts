import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toJson } from './fields.ts';
import { readLogfmt } from './logfmt.ts';

/** The fields of a line as an object, or a word if it has none. */
function read(text: string): unknown {
  const fields = readLogfmt(text);
  return typeof fields === 'string' ? fields : JSON.parse(toJson(fields));
}

describe('logfmt', () => {
  it.each<[string, Record<string, unknown>]>([
    ['level=info msg=hello', { level: 'info', msg: 'hello' }],
    ['msg="hello world" n=007', { msg: 'hello world', n: '007' }],
    [' a=1\tb=2 \r', { a: '1', b: '2' }],
    ['a= b="" c', { a: '', b: '', c: true }],
    ['url=http://h/?q=a=b', { url: 'http://h/?q=a=b' }],
    [String.raw`a="q\"b\\c\nd\té\x41"`, { a: 'q"b\\c\nd\té\u0041' }],
    ['a=1 b=x a=2 a', { a: ['1', '2', true], b: 'x' }],
    ['ä.b/c-d=€', { 'ä.b/c-d': '€' }],
    ['a="two\nlines" b=1', { a: 'two\nlines', b: '1' }],
  ])('reads %j', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it.each([
    '',
    ' ',
    'server started',
    'failed to connect host=db',
    '=a',
    'a=1 =b',
    'a="open',
    'a="b"c',
    'a=b"c"',
    'a=1 "b"',
    'a=1 b"c',
    String.raw`a="b\"`,
  ])('rejects %j', (text) => {
    expect(read(text)).toBe('not_logfmt');
  });

  it('keeps names that are special in JavaScript', () => {
    const fields = readLogfmt('__proto__=1 constructor=2');
    expect(typeof fields === 'string' ? fields : toJson(fields)).toBe('{"__proto__":"1","constructor":"2"}');
  });

  it('round-trips any value', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9_.]{0,9}$/);
    const fields = fc.dictionary(name, fc.string(), { minKeys: 1, noNullPrototype: true });
    fc.assert(
      fc.property(fields, (object) => {
        const pairs = Object.entries(object).map(
          ([key, value]) => `${key}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`,
        );
        expect(read(pairs.join(' '))).toEqual(object);
      }),
    );
  });
});
