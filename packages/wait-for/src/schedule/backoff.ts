import type { Pace } from '../target/target.ts';

/**
 * Pause after this many failures in a row: anything up to `interval`, doubled with each failure and
 * held at `max-interval`. The whole span is random ("full jitter"), so that the pods of a rollout that wait
 * for the same thing do not ask in step.
 */
export function backoffMs(
  { intervalMs, maxIntervalMs }: Pick<Pace, 'intervalMs' | 'maxIntervalMs'>,
  failuresInARow: number,
  random: () => number,
): number {
  const span = Math.min(maxIntervalMs, intervalMs * 2 ** Math.min(failuresInARow - 1, 30));
  return random() * span;
}
