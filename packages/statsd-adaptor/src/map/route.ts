import type { EventType } from '../counts.ts';
import { escapeName } from '../parse/escape-name.ts';
import type { SampleType, Shape } from '../parse/line.ts';
import type { FamilyKind } from '../series/family-kind.ts';
import { detached, type LabelText, labelText } from '../series/labels.ts';
import type { Series } from '../series/series.ts';
import type { SeriesPolicy, SeriesSpec } from '../series/series-spec.ts';
import { editLabels } from './label-edits.ts';
import type { Mapper, Match } from './mapper.ts';
import { type Defaults, defaultHelp, type ObserverType } from './rule.ts';

/** How all samples of one shape are handled; cached with their lines. */
export interface Route extends SeriesSpec {
  /** A dropped sample is counted and forgotten; a nameless one is an error. */
  readonly fate: 'series' | 'drop' | 'nameless';
  readonly isMapped: boolean;
  readonly divisor: number;
  readonly scale: number;
  readonly weight: number;
  readonly hasLabels: boolean;
  /** Bad tags, counted once per line. */
  readonly lineTagErrors: number;
  /** Bad tags and unreadable rates, counted with each sample. */
  readonly tagErrors: number;
  readonly rateErrors: number;
  /** Looked up with the first sample, and again after its removal. */
  series: Series | undefined;
}

/** Counts that a line adds besides those of its samples' shape. */
export interface RouteCounts {
  readonly hasLabels: boolean;
  readonly lineTagErrors: number;
  readonly tagErrors: number;
  readonly rateErrors: number;
}

/** Upstream's names for the sample types. */
export const eventTypes: Readonly<Record<SampleType, EventType>> = {
  c: 'counter',
  g: 'gauge',
  ms: 'observer',
  h: 'observer',
  d: 'observer',
  s: 'set',
};

/** Makes routes from a mapper's rules. */
export class Router {
  readonly #mapper: Mapper;
  /** By event type, as each may have its own time to live; few rules serve more than one. */
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

  /** One object per rule and type, shared by all its routes. */
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

/** Adds the prefix; an empty name stays empty. */
function nameOf(name: string, { prefix }: Defaults): string {
  return name === '' ? '' : escapeName(prefix + name);
}

const maxInterned = 10_000;
const maxInternedLength = 256;

/** Returns the same string for equal ones, as thousands of series share their names. */
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

/** Labels that the exposition of a kind reserves. */
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
