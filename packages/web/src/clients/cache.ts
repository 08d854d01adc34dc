import type { RedisClient } from './redis.ts';

export interface CacheEntry {
  readonly type: string;
  readonly body: Buffer;
}

/** The braces keep all in one slot of a Redis Cluster: the scripts touch an entry and the index together. */
const prefix = '{cache}:';
/** Index of keys by the second in which each expires. Its name cannot collide: keys of entries are not empty. */
const index = prefix;

/** At the limit, the entry that expires first makes room. */
const putScript = `
local now = tonumber(redis.call('TIME')[1])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
if not redis.call('ZSCORE', KEYS[2], KEYS[1]) then
  while redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[3]) do
    redis.call('DEL', redis.call('ZPOPMIN', KEYS[2])[1])
  end
end
redis.call('ZADD', KEYS[2], now + ARGV[2], KEYS[1])
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])`;

const deleteScript = `
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[2], KEYS[1])`;

/**
 * Bodies with their media type in Redis, for a time. An entry is one string, the type on its first line, so that
 * it is written and expires as a whole. All methods throw `RedisUnavailable`.
 */
export class Cache {
  readonly #redis: RedisClient;
  readonly #maxEntries: number;

  constructor(redis: RedisClient, maxEntries: number) {
    this.#redis = redis;
    this.#maxEntries = maxEntries;
  }

  async put(key: string, { type, body }: CacheEntry, ttlSeconds: number): Promise<void> {
    const value = Buffer.concat([Buffer.from(`${type}\n`, 'latin1'), body]);
    const most = this.#maxEntries;
    await this.#redis.run((redis) => redis.eval(putScript, 2, prefix + key, index, value, ttlSeconds, most));
  }

  async get(key: string): Promise<CacheEntry | undefined> {
    const value = await this.#redis.run((redis) => redis.getBuffer(prefix + key));
    if (value === null) return undefined;
    const end = value.indexOf('\n');
    return { type: value.toString('latin1', 0, end), body: value.subarray(end + 1) };
  }

  async delete(key: string): Promise<void> {
    await this.#redis.run((redis) => redis.eval(deleteScript, 2, prefix + key, index));
  }
}
