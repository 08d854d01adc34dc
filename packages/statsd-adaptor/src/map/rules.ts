import type { Logger } from '@pod-patterns/kit';
import type { Counts } from '../counts.ts';
import type { Config } from '../options.ts';
import { Mapper, type Mapping } from './mapper.ts';
import { type LoadedRules, loadMapping } from './mapping-file.ts';
import { type BoundedCache, LruCache, RandomCache } from './match-cache.ts';

export interface RulesOptions {
  readonly config: Pick<Config, 'mappingConfig' | 'cacheSize' | 'cacheType'>;
  readonly loaded: LoadedRules;
  readonly counts: Counts;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Returns numbers from 0 to below 1. */
  readonly random: () => number;
}

/** The mapping rules in use; they can be read again while lines arrive. */
export class Rules {
  readonly #options: RulesOptions;
  #mapper: Mapper;
  #sha256: string | undefined;
  /** Called with new rules. */
  onChange: (mapper: Mapper) => void = () => {};

  constructor(options: RulesOptions) {
    this.#options = options;
    this.#mapper = this.#newMapper(options.loaded.mapping);
    this.#sha256 = options.loaded.sha256;
  }

  get mapper(): Mapper {
    return this.#mapper;
  }

  /** Hash of the file the rules are from; undefined without a file. */
  get sha256(): string | undefined {
    return this.#sha256;
  }

  /**
   * Reads the file again. Rules with a fault are logged and counted, and the old ones stay.
   * @param when `changed`: an unchanged file is neither loaded nor counted
   */
  reload(when: 'always' | 'changed' = 'always'): void {
    const { config, counts, log } = this.#options;
    const file = config.mappingConfig;
    if (file === undefined || file === '') {
      log.warn('reload ignored: no mapping file');
      return;
    }
    const loaded = loadMapping(file);
    if (!loaded.ok) {
      counts.reloadFailures++;
      log.error('mapping not reloaded', { file, faults: loaded.faults.slice(0, 10) });
      return;
    }
    if (when === 'changed' && loaded.sha256 === this.#sha256) return;
    counts.reloads++;
    this.#sha256 = loaded.sha256;
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
