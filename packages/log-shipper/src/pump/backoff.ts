/** Waits of retries: twice as long each time, with jitter, so that many pods do not retry at once. */
export interface BackoffPolicy {
  readonly firstMs: number;
  readonly mostMs: number;
}

const retryBackoff: BackoffPolicy = { firstMs: 100, mostMs: 10_000 };

/** The wait before retry number `attempt`, from 0: between half of the step and the whole. */
export function backoffMs(
  attempt: number,
  { firstMs, mostMs }: BackoffPolicy = retryBackoff,
  random: () => number = Math.random,
): number {
  const step = Math.min(mostMs, firstMs * 2 ** Math.min(attempt, 30));
  return step * (0.5 + random() / 2);
}
