import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { inTime, realClock } from './clock.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const dayMs = 86_400_000;

it.each([1, 24, 25, 50, 100, 1000])('fires after %i days, and not before', (days) => {
  const act = vi.fn();
  realClock.after(days * dayMs, act);
  vi.advanceTimersByTime(days * dayMs - 1);
  expect(act).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(act).toHaveBeenCalledOnce();
});

it('cancels a long timer at any time', () => {
  const act = vi.fn();
  const cancel = realClock.after(100 * dayMs, act);
  vi.advanceTimersByTime(60 * dayMs);
  cancel();
  vi.advanceTimersByTime(60 * dayMs);
  expect(act).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});

it.each([
  ['in time', 10, 20, 'value'],
  ['too late', 20, 10, undefined],
  ['late, without a limit', 20, 0, 'value'],
])('inTime with a value that comes %s', async (_, takesMs, limitMs, expected) => {
  const something = new Promise<string>((resolve) => setTimeout(resolve, takesMs, 'value'));
  const result = inTime(realClock, limitMs, something);
  await vi.advanceTimersByTimeAsync(100);
  expect(await result).toBe(expected);
  expect(vi.getTimerCount()).toBe(0);
});
