import type { RedisClient } from './redis.ts';

export interface CacheEntry {
  readonly type: string;
  readonly body: Buffer;
}

const prefix = 'cache:';

/**
 * Bodies with their media type in Redis, for a time. An entry is one string, the type on its first line, so that
 * it is written and expires as a whole. All methods throw `RedisUnavailable`.
 */
export class Cache {
  readonly #redis: RedisClient;

  constructor(redis: RedisClient) {
    this.#redis = redis;
  }

  async put(key: string, { type, body }: CacheEntry, ttlSeconds: number): Promise<void> {
    const value = Buffer.concat([Buffer.from(`${type}\n`, 'latin1'), body]);
    await this.#redis.run((redis) => redis.set(prefix + key, value, 'EX', ttlSeconds));
  }

  async get(key: string): Promise<CacheEntry | undefined> {
    const value = await this.#redis.run((redis) => redis.getBuffer(prefix + key));
    if (value === null) return undefined;
    const end = value.indexOf('\n');
    return { type: value.toString('latin1', 0, end), body: value.subarray(end + 1) };
  }

  async delete(key: string): Promise<void> {
    await this.#redis.run((redis) => redis.del(prefix + key));
  }
}
