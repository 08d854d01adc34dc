import { setTimeout as delay } from 'node:timers/promises';

/** Waits between two attempts. @throws when no time is left */
export type Pause = (ms: number) => Promise<void>;

/** Longest wait during a stop. */
const mostAtStopMs = 500;

/** Waits that end at once when `stopping` aborts, are short from then on, and fail when `cut` aborts. */
export function pauseUntil(stopping: AbortSignal, cut: AbortSignal): Pause {
  const either = AbortSignal.any([stopping, cut]);
  return async (ms) => {
    cut.throwIfAborted();
    const [waitMs, signal] = stopping.aborted ? [Math.min(ms, mostAtStopMs), cut] : [ms, either];
    await delay(waitMs, undefined, { signal }).catch(() => cut.throwIfAborted());
  };
}
