import type { EventType } from '../counts.ts';
import { escapeName } from '../parse/escape-name.ts';
import type { SampleType, Shape } from '../parse/line.ts';
import type { FamilyKind } from '../series/family.ts';
import { detached, type LabelText, labelText } from '../series/labels.ts';
import type { SeriesPolicy, SeriesSpec } from '../series/registry.ts';
import type { Series } from '../series/series.ts';
import { editLabels } from './label-edits.ts';
import type { Mapper, Match } from './mapper.ts';
import { type Defaults, defaultHelp, type ObserverType } from './rule.ts';

/** What becomes of samples of one shape; kept for as long as lines look the same. */
export interface Route extends SeriesSpec {
  /** A dropped sample is counted and forgotten; a nameless one is an error. */
  readonly fate: 'series' | 'drop' | 'nameless';
  readonly isMapped: boolean;
  readonly divisor: number;
  readonly scale: number;
  readonly weight: number;
  readonly hasLabels: boolean;
  /** Bad tags, counted once a line. */
  readonly lineTagErrors: number;
  /** Bad tags and unreadable rates, counted with each sample. */
  readonly tagErrors: number;
  readonly rateErrors: number;
  /** Found with the first sample and again when it was removed meanwhile. */
  series: Series | undefined;
}

/** What a line says beside its samples' shape that is counted each time. */
export interface RouteCounts {
  readonly hasLabels: boolean;
  readonly lineTagErrors: number;
  readonly tagErrors: number;
  readonly rateErrors: number;
}

/** What upstream calls the types of lines. */
export const eventTypes: Readonly<Record<SampleType, EventType>> = {
  c: 'counter',
  g: 'gauge',
  ms: 'observer',
  h: 'observer',
  d: 'observer',
  s: 'set',
};

/** Makes routes by a mapper's rules. */
export class Router {
  readonly #mapper: Mapper;
  /** By type, as each may have its own time to live; a rule is rarely for more than one. */
  readonly #policies: Readonly<Record<EventType, Map<object, SeriesPolicy>>> = {
    counter: new Map(),
    gauge: new Map(),
    observer: new Map(),
    set: new Map(),
  };
  readonly #names = new Interner();

  constructor(mapper: Mapper) {
    this.#mapper = mapper;
  }

  route(shape: Shape, counts: RouteCounts): Route {
    const eventType = eventTypes[shape.type];
    const match = this.#mapper.match(shape.name, eventType);
    const settings: Defaults = match?.rule ?? this.#mapper.defaults;
    const name = this.#names.one(nameOf(match?.name ?? shape.name, settings));
    const kind = kindOf(eventType, settings.observerType);
    const tags = editLabels(shape.labels, settings.labelEdits);
    const { labels, refused } = labelsOf(tags, match, kind);
    return {
      fate: match?.rule.action === 'drop' ? 'drop' : name === '' ? 'nameless' : 'series',
      isMapped: match !== undefined,
      name,
      kind,
      labels: { text: labels.text, names: this.#names.one(labels.names) },
      policy: this.#policyOf(settings, eventType),
      divisor: shape.divisor,
      scale: match?.rule.scale ?? 1,
      weight: shape.weight,
      ...counts,
      tagErrors: counts.tagErrors + refused,
      series: undefined,
    };
  }

  /** One object a rule and type, shared by all its routes. */
  #policyOf(settings: Defaults & { readonly help?: string }, eventType: EventType): SeriesPolicy {
    const policies = this.#policies[eventType];
    const known = policies.get(settings);
    if (known !== undefined) return known;
    const { help = defaultHelp, ttlByType, summary, histogram } = settings;
    const { [eventType]: ttlSeconds = settings.ttlSeconds } = ttlByType;
    const policy = { help, ttlSeconds, summary, histogram };
    policies.set(settings, policy);
    return policy;
  }
}

/** A prefix alone is no name. */
function nameOf(name: string, { prefix }: Defaults): string {
  return name === '' ? '' : escapeName(prefix + name);
}

const maxInterned = 10_000;
const maxInternedLength = 256;

/** Gives one string for equal ones: thousands of series share their names. */
class Interner {
  readonly #known = new Map<string, string>();

  one(text: string): string {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    if (this.#known.size >= maxInterned) this.#known.clear();
    const kept = detached(text);
    if (kept.length > maxInternedLength) return kept;
    this.#known.set(kept, kept);
    return kept;
  }
}

function kindOf(eventType: EventType, observerType: ObserverType): FamilyKind {
  return eventType === 'observer' ? observerType : eventType;
}

/** Labels that the exposition of a kind needs for itself. */
const ownLabel: Readonly<Partial<Record<FamilyKind, string>>> = { summary: 'quantile', histogram: 'le' };

function labelsOf(
  labels: Map<string, string>,
  match: Match | undefined,
  kind: FamilyKind,
): { readonly labels: LabelText; readonly refused: number } {
  for (const [name, value] of match?.labels ?? []) {
    if (!(match?.rule.honorLabels && labels.has(name))) labels.set(name, value);
  }
  const own = ownLabel[kind];
  const refused = own !== undefined && labels.delete(own) ? 1 : 0;
  return { labels: labelText(labels), refused };
}
