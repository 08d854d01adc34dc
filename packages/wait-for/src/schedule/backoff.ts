import type { Pace } from '../target/target.ts';

/**
 * Pause after this many failures in a row: random between 0 and `interval`, doubled with each failure up to
 * `max-interval` ("full jitter"). So the pods of a rollout do not ask in step.
 */
export function backoffMs(
  { intervalMs, maxIntervalMs }: Pick<Pace, 'intervalMs' | 'maxIntervalMs'>,
  failuresInARow: number,
  random: () => number,
): number {
  const span = Math.min(maxIntervalMs, intervalMs * 2 ** Math.min(failuresInARow - 1, 30));
  return random() * span;
}
