import { expect, it, vi } from 'vitest';
import { makeTidy } from './tidy.ts';

/** Bytes in use at each call. */
function looks(...used: readonly number[]) {
  const left = [...used];
  const collect = vi.fn();
  const tidy = makeTidy(
    () => left.shift() ?? 0,
    () => collect,
  );
  const calls = used.map(() => {
    const before = collect.mock.calls.length;
    tidy();
    return collect.mock.calls.length > before;
  });
  return calls;
}

const mega = 1_000_000;

it.each([
  ['not while there is little', [8, 9, 10], [false, false, false]],
  ['once there is much', [8, 12, 8, 9, 12], [false, true, false, false, true]],
  ['of a process that needs much, only what has gathered', [20, 20, 22, 24], [true, false, false, true]],
])('collects %s', (_, used, calls) => {
  expect(looks(...used.map((count) => count * mega))).toEqual(calls);
});

it('does nothing without such a function', () => {
  const tidy = makeTidy(
    () => 100 * mega,
    () => undefined,
  );
  expect(tidy).not.toThrow();
});

it('finds the function of this runtime', () => {
  const tidy = makeTidy(() => 100 * mega);
  const garbage = new WeakRef({ some: 'thing' });
  return new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
    tidy();
    expect(garbage.deref()).toBeUndefined();
  });
});
