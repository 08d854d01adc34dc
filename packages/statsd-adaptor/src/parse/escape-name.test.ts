import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeName } from './escape-name.ts';

const rows: ReadonlyArray<readonly [string, string]> = [
  ['', ''],
  ['clean', 'clean'],
  ['Upper_09', 'Upper_09'],
  ['_', '_'],
  ['__', '__'],
  ['0', '_0'],
  ['0starts_with_digit', '_0starts_with_digit'],
  ['9.9', '_9_9'],
  ['with.dot', 'with_dot'],
  ['with..dots', 'with__dots'],
  ['.', '_'],
  ['-', '_'],
  ['--', '_'],
  ['a-b', 'a_b'],
  ['a--b', 'a_b'],
  ['a---b', 'a_b'],
  ['a-.-b', 'a___b'],
  ['a-_-b', 'a___b'],
  ['--a--', '_a_'],
  ['-0', '_0'],
  ['with😱emoji', 'with_emoji'],
  ['ünï', '_n_'],
  ['a😱😱b', 'a__b'],
  ['日本語', '___'],
  ['with.*.multiple', 'with___multiple'],
  ['test.web-server.foo.bar', 'test_web_server_foo_bar'],
  ['a b', 'a_b'],
  ['a\tb', 'a_b'],
  ['a/b?c=d&e', 'a_b_c_d_e'],
  ['a:b', 'a_b'],
  ['a\u0000b', 'a_b'],
];

describe('escapeName', () => {
  it.each(rows)('makes %j into %j', (name, escaped) => {
    expect(escapeName(name)).toBe(escaped);
  });

  it('makes a valid name from any text', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'binary' }), (name) => {
        expect(escapeName(name)).toMatch(/^[a-zA-Z_][a-zA-Z0-9_]*$/);
      }),
    );
  });

  it('does not change an escaped name', () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        expect(escapeName(escapeName(name))).toBe(escapeName(name));
      }),
    );
  });
});
