import { describe, expect, it } from 'vitest';
import { ratesOf } from './rates.ts';

describe('ratesOf', () => {
  const before = { at: 1000, counters: { lines: 100, errors: 0 } };

  it.each([
    ['a tenth below ten', { at: 3000, counters: { lines: 107 } }, { linesPerSecond: 3.5 }],
    ['whole above', { at: 1500, counters: { lines: 150 } }, { linesPerSecond: 100 }],
    ['nothing across a restart', { at: 2000, counters: { lines: 99 } }, {}],
    ['nothing of what was not known before', { at: 2000, counters: { commands: 5 } }, {}],
    ['nothing of what is not known now', { at: 2000, counters: { lines: undefined } }, {}],
    ['is never 0 if the counter grew', { at: 4000, counters: { lines: 100.1 } }, { linesPerSecond: 0.1 }],
    ['nothing over a pause', { at: 60_000, counters: { lines: 200 } }, {}],
    ['nothing when no time has passed', { at: 1000, counters: { lines: 101 } }, {}],
  ])('%s', (_, sample, rates) => {
    expect(ratesOf(sample, before)).toEqual(rates);
  });

  it('has no rates for the first sample', () => {
    expect(ratesOf(before, undefined)).toEqual({});
  });
});
