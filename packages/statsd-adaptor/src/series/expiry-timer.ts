import type { Registry } from './registry.ts';

/** Series to check before other work gets a turn: about a millisecond. */
const batchSize = 2000;
const everyMs = 1000;

/** Removes expired series once a second, and counts them. */
export function startExpiry(registry: Registry, counts: { expired: number }, now: () => number): Disposable {
  let next: NodeJS.Immediate | undefined;
  const sweep = () => {
    const { removed, isDone } = registry.expire(now() / 1000, batchSize);
    counts.expired += removed;
    next = isDone ? undefined : setImmediate(sweep);
  };
  const timer = setInterval(() => {
    if (next === undefined) sweep();
  }, everyMs).unref();
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
      clearImmediate(next);
    },
  };
}
