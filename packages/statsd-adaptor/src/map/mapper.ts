import type { RE2JS } from 're2js';
import type { EventType } from '../counts.ts';
import { detached } from '../series/labels.ts';
import { GlobIndex } from './glob-index.ts';
import type { BoundedCache } from './match-cache.ts';
import type { Defaults, Rule } from './rule.ts';
import { type Groups, globTemplate, regexTemplate, type Template } from './template.ts';

/** The result of applying the mapping rules to a StatsD name. */
export interface Match {
  readonly rule: Rule;
  /** Not yet escaped; may be empty. */
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
}

export type Pattern = { readonly glob: string } | { readonly regex: RE2JS };

/** A rule with its pattern. */
export type PatternRule = Rule & {
  readonly pattern: Pattern;
  /** Names to skip. */
  readonly exclude: readonly Pattern[];
};

export interface Mapping {
  readonly defaults: Defaults;
  readonly isOrdered: boolean;
  /** In the order of the file. */
  readonly rules: readonly PatternRule[];
}

/** Counts look-ups in the cache. */
export interface CacheCounts {
  cacheGets: number;
  cacheHits: number;
}

interface Templates<Captured> {
  readonly rule: Rule;
  readonly name: Template<Captured>;
  readonly labels: ReadonlyArray<readonly [name: string, value: Template<Captured>]>;
}

const none = 'no rule matches';
/** Longer names are not cached. */
const maxCachedLength = 1024;

/** Applies mapping rules to names: globs first; if none matches, regular expressions in the order of the file. */
export class Mapper {
  readonly defaults: Defaults;
  readonly ruleCount: number;
  readonly #globs: GlobIndex<Templates<readonly string[]>>;
  readonly #regexes: Array<Templates<Groups> & { readonly regex: RE2JS; readonly accepts: Accepts }> = [];
  readonly #cache: BoundedCache<Match | typeof none>;
  readonly #counts: CacheCounts;

  constructor(
    { defaults, isOrdered, rules }: Mapping,
    cache: BoundedCache<Match | typeof none>,
    counts: CacheCounts,
  ) {
    this.defaults = defaults;
    this.ruleCount = rules.length;
    this.#cache = cache;
    this.#counts = counts;
    this.#globs = new GlobIndex({ isOrdered });
    for (const rule of rules) this.#add(rule);
  }

  get cacheSize(): number {
    return this.#cache.size;
  }

  match(name: string, type: EventType): Match | undefined {
    const key = `${type} ${name}`;
    const known = this.#cache.get(key);
    this.#counts.cacheGets++;
    if (known !== undefined) this.#counts.cacheHits++;
    const match = known ?? this.#matchGlobs(name, type) ?? this.#matchRegexes(name, type) ?? none;
    if (known === undefined && key.length <= maxCachedLength) this.#cache.set(detached(key), match);
    return match === none ? undefined : match;
  }

  #add(rule: PatternRule): void {
    const { pattern } = rule;
    const accepts = acceptsOf(rule);
    if ('glob' in pattern) {
      const captureCount = pattern.glob.split('.').filter((segment) => segment.endsWith('*')).length;
      const templates = templatesOf(rule, (text) => globTemplate(text, captureCount));
      this.#globs.add(pattern.glob, templates, accepts);
    } else this.#regexes.push({ ...templatesOf(rule, regexTemplate), regex: pattern.regex, accepts });
  }

  #matchGlobs(name: string, type: EventType): Match | undefined {
    const found = this.#globs.match(name, type);
    return found === undefined ? undefined : fill(found.rule, found.captures);
  }

  #matchRegexes(name: string, type: EventType): Match | undefined {
    for (const rule of this.#regexes) {
      if (!rule.accepts(type, name)) continue;
      const matcher = rule.regex.matcher(name);
      if (!matcher.find()) continue;
      const named = rule.regex.namedGroups();
      return fill(rule, {
        byNumber: (number) => (number <= matcher.groupCount() ? (matcher.group(number) ?? '') : ''),
        byName: (group) => (Object.hasOwn(named, group) ? (matcher.group(group) ?? '') : ''),
      });
    }
    return undefined;
  }
}

type Accepts = (type: string, name: string) => boolean;

function acceptsOf({ metricType, exclude }: PatternRule): Accepts {
  const isOfType = (type: string) => metricType === undefined || metricType === type;
  if (exclude.length === 0) return isOfType;
  const globs = new GlobIndex<true>({ isOrdered: true });
  for (const each of exclude) if ('glob' in each) globs.add(each.glob, true, () => true);
  const regexes = exclude.flatMap((each) => ('regex' in each ? [each.regex] : []));
  const isExcluded = (name: string) =>
    globs.match(name, '') !== undefined || regexes.some((regex) => regex.matcher(name).find());
  return (type, name) => isOfType(type) && !isExcluded(name);
}

function templatesOf<Captured>(
  rule: Rule,
  template: (text: string) => Template<Captured>,
): Templates<Captured> {
  const labels = [...rule.labels].map(([name, value]) => [name, template(value)] as const);
  return { rule, name: template(rule.name), labels };
}

function fill<Captured>({ rule, name, labels }: Templates<Captured>, captured: Captured): Match {
  return {
    rule,
    name: detached(name(captured)),
    labels: new Map(labels.map(([label, value]) => [label, detached(value(captured))])),
  };
}
