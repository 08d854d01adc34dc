import { describe, expect, it } from 'vitest';
import { splitInline } from './inline.ts';

describe('splitInline', () => {
  it.each([
    ['PING', ['PING']],
    ['  SET  a\tb ', ['SET', 'a', 'b']],
    ['', []],
    ['   ', []],
    ['ECHO ""', ['ECHO', '']],
    ['ECHO "a b"', ['ECHO', 'a b']],
    ["ECHO 'a b'", ['ECHO', 'a b']],
    ['ECHO "\\x41\\n\\r\\t\\b\\a\\\\\\"\\q\\xZZ"', ['ECHO', 'A\n\r\t\b\x07\\"qxZZ']],
    ["ECHO 'a\\'b\\n'", ['ECHO', "a'b\\n"]],
    ['ECHO a"b c"', ['ECHO', 'ab c']],
    ['ECHO a\x0bb', ['ECHO', 'a\x0bb']],
    ['ECHO a\0b', ['ECHO', 'a']],
  ])('splits %j into %j', (line, words) => {
    expect(splitInline(Buffer.from(line, 'latin1'))?.map((word) => word.toString('latin1'))).toEqual(words);
  });

  it.each(['"', 'ECHO "a', "ECHO 'a", 'ECHO "a"b', 'ECHO "a\\'])(
    'rejects unbalanced quotes in %j',
    (line) => {
      expect(splitInline(Buffer.from(line))).toBeUndefined();
    },
  );
});
