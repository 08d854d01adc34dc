import { memoryUse } from '@pod-patterns/kit';
import type { RedisUnavailable } from '../clients/redis.ts';
import type { Traffic } from '../http/traffic.ts';
import type { Finding } from './container.ts';
import { memoryFigures } from './memory.ts';
import { ratesOf, type Sample } from './rates.ts';

export interface SelfOptions {
  readonly traffic: Traffic;
  readonly redisFailure: () => RedisUnavailable | undefined;
  /** Milliseconds, monotonic. */
  readonly now?: () => number;
}

/** How the application itself is doing; each call measures since the one before. */
export function watchSelf({
  traffic,
  redisFailure,
  now = () => performance.now(),
}: SelfOptions): () => Finding {
  let before: Sample | undefined;
  return () => {
    const { requests, pageViews, serverErrors, inFlight, eventStreams } = traffic;
    const sample = { at: now(), counters: { requests, pageViews, serverErrors } };
    const rates = ratesOf(sample, before);
    before = sample;
    const isAway = redisFailure() !== undefined;
    return {
      state: isAway ? 'degraded' : 'up',
      summary: isAway
        ? 'answers without Redis: views are not counted'
        : 'knows Redis and StatsD on localhost, and files',
      figures: { ...sample.counters, inFlight, eventStreams, ...memoryFigures(memoryUse()), ...rates },
    };
  };
}
