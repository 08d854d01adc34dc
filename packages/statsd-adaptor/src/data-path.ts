import { randomInt } from 'node:crypto';
import type { ServiceContext } from '@pod-patterns/kit';
import { BadLines } from './bad-lines.ts';
import type { Bounds } from './bounds.ts';
import { Counts } from './counts.ts';
import { openRelay } from './listen/open-relay.ts';
import type { Relay } from './listen/relay.ts';
import type { LoadedRules } from './map/mapping-file.ts';
import { Rules } from './map/rules.ts';
import { dialectsOf, type program } from './options.ts';
import { Pipeline } from './pipeline.ts';
import { Registry } from './series/registry.ts';

/** The parts that turn lines into series. */
export interface DataPath {
  readonly pipeline: Pipeline;
  readonly rules: Rules;
  readonly registry: Registry;
  readonly counts: Counts;
  readonly badLines: BadLines;
  readonly relay: Relay | undefined;
}

export interface DataPathOptions {
  readonly context: ServiceContext<typeof program.options>;
  readonly bounds: Bounds;
  readonly loaded: LoadedRules;
  /** Sample names of other metrics in the exposition. */
  readonly reserved: Iterable<string>;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
}

/**
 * Makes the data path; listeners feed its pipeline.
 * @throws CodedError `relay-target`
 */
export async function openDataPath(options: DataPathOptions): Promise<DataPath> {
  const { context, bounds, loaded, reserved, now } = options;
  const { config, log } = context;
  const seed = randomInt(2 ** 32);
  const counts = new Counts();
  const badLines = new BadLines(counts, Date.now);
  const registry = new Registry({
    limits: bounds.series,
    sets: { windowMs: config.setWindow, seed },
    nowSeconds: now() / 1000,
  });
  registry.reserve(reserved);
  const rules = new Rules({ config, loaded, counts, log, random: Math.random });
  const relay = await openRelay(context);
  const pipeline = new Pipeline({
    ...{ registry, counts, now, relay, badLines },
    dialects: dialectsOf(config),
    mapper: rules.mapper,
    hashSeed: seed,
    remembered: bounds.remembered,
  });
  rules.onChange = (changed) => pipeline.useMapper(changed);
  return { pipeline, rules, registry, counts, badLines, relay };
}
