import { expect, it } from 'vitest';
import { describeTally, tallyOf } from './tally.ts';

it('counts answers by status, and errors by their code', () => {
  const tally = tallyOf('200 3 a\n503 1 b\n200 12 c\nerror 0 ECONNRESET\nerror 2 ECONNRESET\ndone\n');
  expect(tally).toEqual({
    requests: 5,
    acknowledged: ['a', 'c'],
    others: new Map([
      ['503', 1],
      ['ECONNRESET', 2],
    ]),
    slowestMs: 12,
  });
  expect(describeTally(tally)).toBe('5 requests, 3 failed (503: 1, ECONNRESET: 2)');
});

it('reports that no request failed', () => {
  expect(describeTally(tallyOf(`${'200 1 a\n'.repeat(1200)}done`))).toBe('1,200 requests, 0 failed');
});

it.each(['', '200 1 a\n', '200 1 a\n503 1'])('does not accept %j as a complete report', (output) => {
  expect(() => tallyOf(output)).toThrow('did not end with "done"');
});
