import { describe, expect, it } from 'vitest';
import { requestOf } from '../../test/support/decisions.ts';
import { blocksForMs } from './blocking.ts';

describe('blocksForMs', () => {
  it.each([
    ['BLPOP q 1.5', 1500],
    ['BLPOP q 0', Infinity],
    ['BLPOP q -1', 0],
    ['BLPOP q x', 0],
    ['BRPOP a b c 2', 2000],
    ['BLMOVE a b LEFT RIGHT 3', 3000],
    ['BLMPOP 4 1 q LEFT', 4000],
    ['BZMPOP 0 1 q MIN', Infinity],
    ['WAIT 1 250', 250],
    ['WAIT 1 0', Infinity],
    ['WAITAOF 1 0 10', 10],
    ['XREAD STREAMS block 0', 0],
    ['XREAD BLOCK 100 STREAMS x 0', 100],
    ['XREAD COUNT 1 block 0 STREAMS x $', Infinity],
    ['XREAD BLOCK x STREAMS x 0', 0],
    ['XREADGROUP GROUP g c BLOCK 5 STREAMS x >', 5],
    ['XREADGROUP GROUP g c STREAMS x >', 0],
  ])('reads the blocking time of %s: %d ms', (line, forMs) => {
    expect(blocksForMs(requestOf(line))).toBe(forMs);
  });
});
