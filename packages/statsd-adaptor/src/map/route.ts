import type { EventType } from '../counts.ts';
import { escapeName } from '../parse/escape-name.ts';
import type { SampleType, Shape } from '../parse/line.ts';
import type { FamilyKind } from '../series/family.ts';
import { detached, type LabelText, labelText } from '../series/labels.ts';
import type { SeriesPolicy, SeriesSpec } from '../series/registry.ts';
import type { Series } from '../series/series.ts';
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
  readonly #policies = new Map<object, SeriesPolicy>();
  readonly #names = new Interner();

  constructor(mapper: Mapper) {
    this.#mapper = mapper;
  }

  route(shape: Shape, counts: RouteCounts): Route {
    const eventType = eventTypes[shape.type];
    const match = this.#mapper.match(shape.name, eventType);
    const name = this.#names.one(escapeName(match?.name ?? shape.name));
    const kind = kindOf(eventType, match?.rule.observerType ?? this.#mapper.defaults.observerType);
    const { labels, refused } = labelsOf(shape, match, kind);
    return {
      fate: match?.rule.action === 'drop' ? 'drop' : name === '' ? 'nameless' : 'series',
      isMapped: match !== undefined,
      name,
      kind,
      labels: { text: labels.text, names: this.#names.one(labels.names) },
      policy: this.#policyOf(match),
      divisor: shape.divisor,
      scale: match?.rule.scale ?? 1,
      weight: shape.weight,
      ...counts,
      tagErrors: counts.tagErrors + refused,
      series: undefined,
    };
  }

  /** One object a rule, shared by all its routes. */
  #policyOf(match: Match | undefined): SeriesPolicy {
    const source: Defaults & { readonly help?: string } = match?.rule ?? this.#mapper.defaults;
    const known = this.#policies.get(source);
    if (known !== undefined) return known;
    const { help = defaultHelp, ttlSeconds, summary, histogram } = source;
    const policy = { help, ttlSeconds, summary, histogram };
    this.#policies.set(source, policy);
    return policy;
  }
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
  { labels: tags }: Shape,
  match: Match | undefined,
  kind: FamilyKind,
): { readonly labels: LabelText; readonly refused: number } {
  const labels = new Map(tags);
  for (const [name, value] of match?.labels ?? []) {
    if (!(match?.rule.honorLabels && labels.has(name))) labels.set(name, value);
  }
  const own = ownLabel[kind];
  const refused = own !== undefined && labels.delete(own) ? 1 : 0;
  return { labels: labelText(labels), refused };
}
