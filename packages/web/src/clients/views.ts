import type { RedisClient } from './redis.ts';

/** The hash in which every page has its count. */
export const viewsKey = 'views';

/** How a page may be called. */
export const pageName = /^[a-z0-9-]{1,64}$/;

/** Page-view counters in Redis. All methods throw `RedisUnavailable`. */
export class Views {
  readonly #redis: RedisClient;

  constructor(redis: RedisClient) {
    this.#redis = redis;
  }

  /** Counts one view and resolves with the new count. */
  add(page: string): Promise<number> {
    return this.#redis.run((redis) => redis.hincrby(viewsKey, page, 1));
  }

  /** All counts, in the order of the names. */
  async all(): Promise<Record<string, number>> {
    const counts = await this.#redis.run((redis) => redis.hgetall(viewsKey));
    const entries = Object.entries(counts).map(([page, count]): [string, number] => [page, Number(count)]);
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
