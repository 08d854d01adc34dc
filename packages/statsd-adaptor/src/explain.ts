import { visible } from '@pod-patterns/kit';
import { Counts, type EventType } from './counts.ts';
import { exposition } from './expose/exposition.ts';
import { type Fault, meanings } from './faults.ts';
import { Mapper, type Mapping, type PatternRule } from './map/mapper.ts';
import { LruCache } from './map/match-cache.ts';
import { eventTypes } from './map/route.ts';
import { type ParsedLine, parseLine, type Shape } from './parse/line.ts';
import type { Dialects } from './parse/tags.ts';
import { Pipeline } from './pipeline.ts';
import { labelText } from './series/labels.ts';
import { Registry } from './series/registry.ts';

export interface ExplainOptions {
  readonly dialects: Dialects;
  readonly mapping: Mapping;
  /** Names reserved for other metrics. */
  readonly reserved: Iterable<string>;
}

const dialectNames: Readonly<Record<keyof Dialects, string>> = {
  dogstatsd: 'DogStatsD',
  influxdb: 'InfluxDB',
  librato: 'Librato',
  signalfx: 'SignalFX',
  graphite: 'Graphite',
};

/** Explains each line of a text: dialect, name, rule, labels and series, or the reason for refusing it. */
export function explain(text: string, options: ExplainOptions): string {
  return text
    .split('\n')
    .map((line) => explainLine(line, options))
    .join('');
}

function explainLine(line: string, options: ExplainOptions): string {
  const parsed = parseLine(line.replace(/\r$/, ''), options.dialects);
  const rows = [
    ...formRows(line, parsed, options.dialects),
    ...sampleRows(parsed, options.mapping),
    ...outcomeRows(line, options),
  ];
  const shown = rows.map(([title, value]) => `  ${title.padEnd(8)} ${visible(value)}\n`);
  return `${visible(line)}\n${shown.join('')}`;
}

type Row = readonly [title: string, value: string];

function formRows(line: string, parsed: ParsedLine, dialects: Dialects): Row[] {
  if (parsed.kind === 'empty') return [['form', 'an empty line: ignored']];
  if (parsed.kind === 'event') return [['form', 'a DogStatsD event: counted and discarded']];
  if (parsed.kind === 'service-check') return [['form', 'a DogStatsD service check: counted and discarded']];
  const used = usedDialects(line, dialects).map((dialect) => dialectNames[dialect]);
  if (used.length === 0 && parsed.kind === 'fault') return [];
  return [['dialect', used.length === 0 ? 'StatsD, without tags' : used.join(', ')]];
}

/** Finds the dialects that change how the line is read. */
function usedDialects(line: string, dialects: Dialects): Array<keyof Dialects> {
  const reading = (read: Dialects) => {
    const parsed = parseLine(line, read);
    const shapes = parsed.kind === 'samples' ? parsed.groups.map(({ shape }) => shape) : [];
    return JSON.stringify([
      parsed.kind,
      'fault' in parsed && parsed.fault,
      shapes.map((shape) => [shape?.name, [...(shape?.labels ?? [])]]),
    ]);
  };
  const asItIs = reading(dialects);
  // `dialectNames` has the keys of `Dialects`
  const all = Object.keys(dialectNames) as Array<keyof Dialects>;
  return all.filter((dialect) => dialects[dialect] && reading({ ...dialects, [dialect]: false }) !== asItIs);
}

function sampleRows(parsed: ParsedLine, mapping: Mapping): Row[] {
  if (parsed.kind !== 'samples') return [];
  return parsed.groups.flatMap(({ shape, values }): Row[] => {
    if (shape === undefined) return [];
    const labels = labelText(shape.labels).text;
    const type = eventTypes[shape.type];
    return [
      ['name', shape.name],
      ...(labels === '' ? [] : [['tags', labels] as const]),
      ['sample', `${type} ${values.join(', ')}${scaleOf(shape)}`],
      ...ruleRows({ name: shape.name, type }, mapping),
    ];
  });
}

function scaleOf({ divisor, weight }: Shape): string {
  const divided = divisor === 1 ? '' : `, divided by ${divisor}`;
  if (weight === 0) return `${divided}, ignored because of its sampling rate`;
  return weight === 1 ? divided : `${divided}, counted ${weight} times`;
}

interface Event {
  readonly name: string;
  readonly type: EventType;
}

/** Shows the rule that applies to the name, and up to five other matching rules. */
function ruleRows(event: Event, mapping: Mapping): Row[] {
  const { name, type } = event;
  const match = mapperOf(mapping).match(name, type);
  const winner = mapping.rules.find((rule) => rule === match?.rule);
  const drops = winner?.action === 'drop' ? ', which drops it' : '';
  const others = mapping.rules.filter((rule) => rule !== winner && matches(rule, name, mapping)).slice(0, 5);
  return [
    ['rule', winner === undefined ? 'none, so the name is only escaped' : describeRule(winner) + drops],
    ...others.map((rule): Row => ['not', `${describeRule(rule)}, which ${reasonNot(rule, event, mapping)}`]),
  ];
}

/** Whether a rule's pattern matches, ignoring its `exclude`. */
function matches(rule: PatternRule, name: string, mapping: Mapping): boolean {
  const alone = { ...mapping, rules: [{ ...rule, metricType: undefined, exclude: [] }] };
  return mapperOf(alone).match(name, 'counter') !== undefined;
}

function reasonNot(rule: PatternRule, { name, type }: Event, mapping: Mapping): string {
  const { metricType, pattern } = rule;
  if (metricType !== undefined && metricType !== type) return `is for type ${metricType} only`;
  if (mapperOf({ ...mapping, rules: [rule] }).match(name, type) === undefined) return 'excludes this name';
  if ('regex' in pattern) return 'comes after all globs and earlier regexes';
  return mapping.isOrdered ? 'comes later in the file' : 'has a * in an earlier segment';
}

function describeRule({ line, match, pattern }: PatternRule): string {
  return `line ${line}: ${match} (${'regex' in pattern ? 'regex' : 'glob'})`;
}

function mapperOf(mapping: Mapping): Mapper {
  return new Mapper(mapping, new LruCache(0), { cacheGets: 0, cacheHits: 0 });
}

/** Shows the series that the line creates in an empty adaptor. */
function outcomeRows(line: string, { dialects, mapping, reserved }: ExplainOptions): Row[] {
  const counts = new Counts();
  const none = Number.POSITIVE_INFINITY;
  const now = () => 0;
  const registry = new Registry({
    limits: { total: none, perMetric: none, bytes: none },
    sets: { windowMs: 60_000, seed: 0 },
    nowSeconds: 0,
  });
  registry.reserve(reserved);
  new Pipeline({ dialects, mapper: mapperOf(mapping), registry, counts, now, hashSeed: 0 }).takeDatagram(
    Buffer.from(line),
  );
  const text = [...exposition(registry, [], now)].join('');
  const samples = text.split('\n').filter((sample) => sample !== '' && !sample.startsWith('#'));
  return [
    ...samples.map((sample): Row => ['series', sample]),
    ...faultsOf(counts).map((fault): Row => ['fault', `${fault}: ${meanings[fault]}`]),
  ];
}

function faultsOf(counts: Counts): Fault[] {
  const tags: Fault[] = counts.tagErrors > 0 ? ['bad_tag'] : [];
  const conflicts: Fault[] = counts.conflicts.size > 0 ? ['conflict'] : [];
  return [...counts.sampleErrors.keys(), ...counts.eventErrors.keys(), ...conflicts, ...tags];
}
