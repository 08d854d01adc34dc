import { describe, expect, it } from 'vitest';
import { isExpectedBack, retryDelayMs } from './redis-connection.ts';

describe('isExpectedBack', () => {
  it.each([
    ['a connection that broke just now', 0, true],
    ['a Redis that takes as long to restart as a command may wait', 1000, true],
    ['one that is away for nearly three deadlines', 2999, true],
    ['one that is away for longer', 3000, false],
    ['one that never was there', Number.POSITIVE_INFINITY, false],
  ])('%s', (_, awayMs, isExpected) => {
    expect(isExpectedBack({ awayMs, timeoutMs: 1000 })).toBe(isExpected);
  });
});

describe('retryDelayMs', () => {
  const delays = (isAwaited: boolean) =>
    [1, 2, 3, 4, 5, 6, 7, 5000].map((attempt) => retryDelayMs(attempt, isAwaited));

  it('retries often while commands wait', () => {
    expect(delays(true)).toEqual([50, 100, 100, 100, 100, 100, 100, 100]);
  });

  it('backs off to a second when no command waits', () => {
    expect(delays(false)).toEqual([50, 100, 200, 400, 800, 1000, 1000, 1000]);
  });
});
