import { describe, expect, it } from 'vitest';
import { requestOf } from '../../test/support/decisions.ts';
import { keysOf } from './keys.ts';

describe('the keys of a request', () => {
  it.each<[line: string, keys: readonly string[]]>([
    ['GET k', ['k']],
    ['get k', ['k']],
    ['PING', []],
    ['PING k', []],
    ['MGET a b c', ['a', 'b', 'c']],
    ['MSET a 1 b 2', ['a', 'b']],
    ['DEL a', ['a']],
    ['RENAME a b', ['a', 'b']],
    ['BLPOP a b 0', ['a', 'b']],
    ['BITOP AND d a b', ['d', 'a', 'b']],
    ['EVAL script 2 a b x', ['a', 'b']],
    ['EVAL script 0 x', []],
    ['EVAL script x a', []],
    ['EVAL script 9 a', []],
    ['FCALL f 1 a x', ['a']],
    ['EVALSHA_RO sha 1 a', ['a']],
    ['XREAD COUNT 2 BLOCK 0 STREAMS a b 0 $', ['a', 'b']],
    ['XREADGROUP GROUP g c STREAMS a >', ['a']],
    ['XREAD COUNT 2', []],
    ['ZUNION 2 a b WITHSCORES', ['a', 'b']],
    ['ZUNIONSTORE d 2 a b', ['d', 'a', 'b']],
    ['SINTERCARD 2 a b LIMIT 1', ['a', 'b']],
    ['LMPOP 2 a b LEFT', ['a', 'b']],
    ['BZMPOP 1 2 a b MIN', ['a', 'b']],
    ['MSETEX 2 a 1 b 2 EX 10', ['a', 'b']],
    ['SORT a BY w_* STORE d', ['a', 'd']],
    ['GEORADIUS a 1 2 3 km STOREDIST d', ['a', 'd']],
    ['OBJECT ENCODING a', ['a']],
    ['MEMORY USAGE a', ['a']],
    ['XGROUP CREATE a g $', ['a']],
    ['XINFO STREAM a', ['a']],
    ['SPUBLISH ch m', ['ch']],
    ['WATCH a b', ['a', 'b']],
    // a module's command, or newer than the table
    ['JSON.SET a $ 1', ['a']],
    ['NOSUCH', []],
  ])('are found in %s', (line, keys) => {
    const request = requestOf(line);
    expect(keysOf(request).map((at) => request.text(at))).toEqual(keys);
  });
});
