import { describe, expect, it } from 'vitest';
import { fromCheckpoint } from './remembered.ts';

const position = { offset: 10, parts: 0, tail: 't' };

const kept = (before: readonly string[], today: readonly string[]) => {
  const file = {
    ...{ seq: 1, file: '/a', path: '/a', inode: '1:1', times: { modifiedUs: 1, bornUs: 1 } },
    fingerprint: { length: 1, hash: 'h' },
    positions: new Map(before.map((name) => [name, position])),
  };
  return [...(fromCheckpoint([file], today)[0]?.positions.keys() ?? [])];
};

describe('fromCheckpoint', () => {
  it.each([
    [['a'], ['a'], ['a']],
    [['a'], ['a', 'b'], ['a']],
    [['a', 'b'], ['a'], ['a']],
    // one sink replaced: its URL changed
    [['a'], ['b'], ['b']],
    [
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'b'],
    ],
    // ambiguous: either sink may have moved
    [['a', 'b'], ['c', 'd'], []],
    [['a'], ['b', 'c'], []],
    [[], ['a'], []],
  ])('maps positions of sinks %j to sinks %j: from %j', (before, today, expected) => {
    expect(kept(before, today)).toEqual(expected);
  });
});
