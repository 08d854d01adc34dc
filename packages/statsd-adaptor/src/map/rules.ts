import type { Logger } from '@pod-patterns/kit';
import type { Counts } from '../counts.ts';
import type { Config } from '../options.ts';
import { Mapper, type Mapping } from './mapper.ts';
import { loadMapping } from './mapping-file.ts';
import { type BoundedCache, LruCache, RandomCache } from './match-cache.ts';

export interface RulesOptions {
  readonly config: Pick<Config, 'mappingConfig' | 'cacheSize' | 'cacheType'>;
  readonly mapping: Mapping;
  readonly counts: Counts;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Gives numbers from 0 to below 1. */
  readonly random: () => number;
}

/** The mapping rules in use; they can be read again while lines come in. */
export class Rules {
  readonly #options: RulesOptions;
  #mapper: Mapper;
  /** Told of new rules. */
  onChange: (mapper: Mapper) => void = () => {};

  constructor(options: RulesOptions) {
    this.#options = options;
    this.#mapper = this.#newMapper(options.mapping);
  }

  get mapper(): Mapper {
    return this.#mapper;
  }

  /** Reads the file again. Rules with a fault are logged and counted, and the old ones stay. */
  reload(): void {
    const { config, counts, log } = this.#options;
    const file = config.mappingConfig;
    if (file === undefined) {
      log.warn('asked to reload, but there is no mapping file');
      return;
    }
    const loaded = loadMapping(file);
    if (!loaded.ok) {
      counts.reloadFailures++;
      log.error('mapping not reloaded', { file, faults: loaded.faults.slice(0, 10) });
      return;
    }
    counts.reloads++;
    this.#mapper = this.#newMapper(loaded.mapping);
    this.onChange(this.#mapper);
    log.info('mapping reloaded', { file, rules: this.#mapper.ruleCount });
  }

  #newMapper(mapping: Mapping): Mapper {
    const { config, counts, random } = this.#options;
    const newCache = <Value>(): BoundedCache<Value> =>
      config.cacheType === 'lru' ? new LruCache(config.cacheSize) : new RandomCache(config.cacheSize, random);
    return new Mapper(mapping, newCache(), counts);
  }
}
