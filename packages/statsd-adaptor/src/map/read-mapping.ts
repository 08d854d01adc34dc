import type { Mapping, PatternRule } from './mapper.ts';
import { oldFields } from './old-fields.ts';
import { readHistogramOptions, readSummaryOptions } from './read-observer-options.ts';
import { ownFields, readOwnFields, readTtlByType } from './read-own-fields.ts';
import {
  type MatchType,
  matchTypes,
  readExclude,
  readLabels,
  readName,
  readPattern,
} from './read-pattern.ts';
import {
  builtInDefaults,
  type Defaults,
  defaultHelp,
  metricTypes,
  type ObserverType,
  observerTypes,
  type Rule,
} from './rule.ts';
import { type Fault, type Place, YamlReader } from './yaml-reader.ts';

export type MappingResult =
  | { readonly ok: true; readonly mapping: Mapping }
  | { readonly ok: false; readonly faults: readonly Fault[] };

const defaultFields = [
  'observer_type',
  'match_type',
  'glob_disable_ordering',
  'ttl',
  'summary_options',
  'histogram_options',
  'ttl_by_type',
  ...ownFields,
] as const;

const ruleFields = [
  'match',
  'name',
  'labels',
  'honor_labels',
  'observer_type',
  'match_type',
  'help',
  'action',
  'match_metric_type',
  'ttl',
  'summary_options',
  'histogram_options',
  'scale',
  'exclude',
  ...ownFields,
] as const;

/** A mapping without rules: names are only escaped. */
export const emptyMapping: Mapping = { defaults: builtInDefaults, isOrdered: true, rules: [] };

/** Reads a mapping file in upstream's format, as strictly as upstream; reports all faults at once, with their lines. */
export function readMapping(text: string): MappingResult {
  const reader = new YamlReader(text);
  // a text that is not YAML has no fields
  if (reader.faults.length > 0) return { ok: false, faults: reader.faults };
  const root = reader.fields(reader.root, ['defaults', 'mappings']);
  const file = readDefaults(reader, root?.get('defaults'));
  const rules = reader.list(root?.get('mappings')).map((place) => readRule(reader, place, file));
  if (reader.faults.length > 0) return { ok: false, faults: inOrder(reader.faults) };
  // without faults every rule could be read
  return { ok: true, mapping: { ...file, rules: rules.filter((rule) => rule !== undefined) } };
}

function inOrder(faults: readonly Fault[]): Fault[] {
  return [...faults].sort((a, b) => a.line - b.line);
}

interface FileDefaults {
  readonly defaults: Defaults;
  readonly matchType: MatchType;
  /** The explicit type; undefined if absent. */
  readonly observerType: ObserverType | undefined;
}

function readDefaults(
  reader: YamlReader,
  place: Place | undefined,
): FileDefaults & { readonly isOrdered: boolean } {
  const fields = (place && reader.fields(place, defaultFields, oldFields)) ?? new Map<string, Place>();
  const observerType = reader.word(fields.get('observer_type'), observerTypes);
  return {
    defaults: {
      observerType: observerType ?? builtInDefaults.observerType,
      ttlSeconds: reader.seconds(fields.get('ttl')) ?? builtInDefaults.ttlSeconds,
      ttlByType: readTtlByType(reader, fields.get('ttl_by_type')),
      ...readOwnFields(reader, fields, builtInDefaults),
      summary: readSummaryOptions(reader, fields.get('summary_options'), builtInDefaults.summary),
      histogram: readHistogramOptions(reader, fields.get('histogram_options'), builtInDefaults.histogram),
    },
    matchType: reader.word(fields.get('match_type'), matchTypes) ?? 'glob',
    observerType,
    isOrdered: !(reader.truth(fields.get('glob_disable_ordering')) ?? false),
  };
}

function readRule(reader: YamlReader, place: Place, file: FileDefaults): PatternRule | undefined {
  const fields = reader.fields(place, ruleFields, oldFields);
  if (fields === undefined) return undefined;
  const { defaults } = file;
  const observerType = reader.word(fields.get('observer_type'), observerTypes) ?? file.observerType;
  refuseOtherOptions(reader, fields, observerType);
  const matchType = reader.word(fields.get('match_type'), matchTypes) ?? file.matchType;
  const pattern = readPattern(reader, fields.get('match') ?? place, matchType);
  const exclude = readExclude(reader, fields.get('exclude'), matchType);
  const ttl = reader.seconds(fields.get('ttl'));
  const rule: Rule = {
    match: reader.text(fields.get('match')) ?? '',
    line: place.line,
    name: readName(reader, fields.get('name') ?? place),
    labels: readLabels(reader, fields.get('labels')),
    metricType: reader.word(fields.get('match_metric_type'), metricTypes, 'strict'),
    action: reader.word(fields.get('action'), ['map', 'drop']) ?? 'map',
    honorLabels: reader.truth(fields.get('honor_labels')) ?? false,
    observerType: observerType ?? defaults.observerType,
    help: reader.text(fields.get('help')) || defaultHelp,
    ttlSeconds: ttl ?? defaults.ttlSeconds,
    ttlByType: ttl === undefined ? defaults.ttlByType : {},
    ...readOwnFields(reader, fields, defaults),
    scale: reader.number(fields.get('scale')) ?? 1,
    summary: readSummaryOptions(reader, fields.get('summary_options'), defaults.summary),
    histogram: readHistogramOptions(reader, fields.get('histogram_options'), defaults.histogram),
  };
  return pattern === undefined ? undefined : { ...rule, pattern, exclude };
}

/** Refuses options of the other observer type if the type is explicit, here or in the defaults, as upstream does. */
function refuseOtherOptions(
  reader: YamlReader,
  fields: ReadonlyMap<string, Place>,
  observerType: ObserverType | undefined,
): void {
  if (observerType === undefined) return;
  const options = fields.get(observerType === 'histogram' ? 'summary_options' : 'histogram_options');
  if (reader.isGiven(options)) reader.fault(options, `cannot be used with observer_type ${observerType}`);
}
