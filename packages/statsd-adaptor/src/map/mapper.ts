import type { EventType } from '../counts.ts';
import type { Defaults, Rule } from './rule.ts';

/** What the mapping file makes of a StatsD name. */
export interface Match {
  readonly rule: Rule;
  /** Not yet escaped; may be empty. */
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
}

export interface Mapper {
  readonly defaults: Defaults;
  match(name: string, type: EventType): Match | undefined;
}
