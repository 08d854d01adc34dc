import type { RedisClient } from './redis.ts';

/** The hash in which every page has its count. */
const viewsKey = 'views';

/** How a page may be called. */
export const pageName = /^[a-z0-9-]{1,64}$/;

/** Our own page, which always has a count. */
const ownPage = 'home';

/** Where views of pages are counted that came when there were as many as may be. */
const otherPage = 'other';

/** In Redis, so that the bound holds for all replicas together. Pages that were there before it keep their counts. */
const countScript = `
local page = ARGV[1]
if redis.call('HEXISTS', KEYS[1], page) == 0 and redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[2]) then
  page = '${otherPage}'
end
return {page, redis.call('HINCRBY', KEYS[1], page, 1)}`;

/** A table with many gaps, or with foreign names, takes more than one. */
const maxRounds = 16;

export interface PageCount {
  /** The page, or `other`. */
  readonly page: string;
  readonly views: number;
}

export interface PageCounts {
  /** In the order of the names. */
  readonly counts: ReadonlyArray<readonly [page: string, views: number]>;
  /** How many pages there are beyond these. */
  readonly omitted: number;
}

/** Page-view counters in Redis. All methods throw `RedisUnavailable`. */
export class Views {
  readonly #redis: RedisClient;
  readonly #maxPages: number;

  constructor(redis: RedisClient, maxPages: number) {
    this.#redis = redis;
    this.#maxPages = maxPages;
  }

  /** Counts one view of our own page and resolves with the new count. */
  addOwn(): Promise<number> {
    return this.#redis.run((redis) => redis.hincrby(viewsKey, ownPage, 1));
  }

  /** Counts one view of a page that a visitor names, and tells where it was counted. */
  async add(page: string): Promise<PageCount> {
    if (page === ownPage) return { page, views: await this.addOwn() };
    const reply = await this.#redis.run((redis) =>
      redis.eval(countScript, 1, viewsKey, page, this.#maxPages),
    );
    const [counted, views] = reply as [string, number]; // as the script returns it
    return { page: counted, views };
  }

  /** The counts, of as many pages as may be: a hash from before the bound can hold millions. */
  async all(): Promise<PageCounts> {
    // our own page and the others come on top
    const most = this.#maxPages + 2;
    const deadline = this.#redis.deadline();
    const found = new Map<string, number>();
    let cursor = '0';
    let rounds = 0;
    do {
      const [next, fields] = await this.#redis.run(
        (redis) => redis.hscan(viewsKey, cursor, 'COUNT', most),
        deadline,
      );
      for (let at = 0; at < fields.length; at += 2) {
        const name = fields[at] ?? '';
        if (pageName.test(name)) found.set(name, Number(fields[at + 1]));
      }
      cursor = next;
      rounds++;
    } while (cursor !== '0' && found.size <= most && rounds < maxRounds);
    const counts = [...found].slice(0, most).sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      counts,
      omitted: cursor === '0' ? found.size - counts.length : await this.#omitted(counts.length, deadline),
    };
  }

  async #omitted(shown: number, deadline: number): Promise<number> {
    return Math.max(0, (await this.#redis.run((redis) => redis.hlen(viewsKey), deadline)) - shown);
  }
}
