import { parseGoFloat } from './go-float.ts';
import { readPack } from './packed-values.ts';
import { type Dialects, splitName, Tags } from './tags.ts';

export type SampleType = 'c' | 'g' | 'ms' | 'h' | 'd' | 's';

/** Reasons for refusing a line or one of its samples: the `reason` of `sample_errors_total`. */
export type LineFault =
  | 'malformed_line'
  | 'mixed_tagging_styles'
  | 'not_enough_parts_after_colon'
  | 'invalid_extended_aggregate_type'
  | 'malformed_component'
  | 'malformed_value'
  | 'invalid_sample_factor'
  | 'malformed_container_id'
  | 'illegal_event';

/** The parts of a sample besides its value. */
export interface Shape {
  /** The StatsD name, without tags, not yet escaped. */
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly type: SampleType;
  /** Divisor of the value: the sampling rate of a counter, 1000 for milliseconds. */
  readonly divisor: number;
  /** Number of observations a sample stands for; 0 for an impossible rate. */
  readonly weight: number;
}

/** Samples that differ only in their value. */
export interface SampleGroup {
  readonly values: readonly string[];
  /** Undefined if a `fault` loses these samples. */
  readonly shape: Shape | undefined;
  readonly fault: LineFault | undefined;
  /** The fault is the number of parts, which is checked before the value. */
  readonly isFaultFirst: boolean;
  readonly hasLabels: boolean;
  /** It has a timestamp (`|T…`), so hardly another line will be like it. */
  readonly isTimed: boolean;
  /** Bad tags that each sample counts. */
  readonly tagErrors: number;
  /** Unreadable sampling rates; the sample is kept with rate 1. */
  readonly rateErrors: number;
}

export type ParsedLine =
  | { readonly kind: 'empty' }
  | { readonly kind: 'event' }
  | { readonly kind: 'service-check' }
  | { readonly kind: 'fault'; readonly fault: LineFault; readonly tagErrors: number }
  | {
      readonly kind: 'samples';
      /** Bad tags in the name, counted once per line. */
      readonly tagErrors: number;
      readonly groups: readonly SampleGroup[];
    };

/** Parses a StatsD line (`name:value|type|sections`) in any dialect. The line must be valid UTF-8. */
export function parseLine(line: string, dialects: Dialects): ParsedLine {
  if (line === '') return { kind: 'empty' };
  if (dialects.dogstatsd && line.startsWith('_e{')) return { kind: 'event' };
  if (dialects.dogstatsd && line.startsWith('_sc|')) return { kind: 'service-check' };
  const colon = line.indexOf(':');
  if (colon <= 0) return { kind: 'fault', fault: 'malformed_line', tagErrors: 0 };

  const tags = new Tags();
  const name = splitName(line.slice(0, colon), dialects, tags);
  const right = line.slice(colon + 1);
  const fault = (reason: LineFault): ParsedLine => ({ kind: 'fault', fault: reason, tagErrors: tags.errors });
  if (right.includes('|#') && tags.labels.size > 0) return fault('mixed_tagging_styles');
  const pipe = right.indexOf('|');
  if (pipe < 0) return fault('not_enough_parts_after_colon');

  const samples = splitSamples(right, pipe);
  if (samples === undefined) return fault('invalid_extended_aggregate_type');
  const head = { name, labels: tags.labels, dialects };
  return {
    kind: 'samples',
    tagErrors: tags.errors,
    groups: samples.map((sample) => readGroup(sample, head)),
  };
}

interface RawSample {
  readonly values: readonly string[];
  /** The type and the sections after it. */
  readonly parts: readonly string[];
}

const packable: ReadonlySet<string> = new Set(['c', 'g', 'ms', 'h', 'd']);

/** Splits the right side into samples; undefined for packed values that this type does not allow. */
function splitSamples(right: string, pipe: number): RawSample[] | undefined {
  const value = right.slice(0, pipe);
  const parts = right.slice(pipe + 1).split('|');
  const [type = ''] = parts;
  // a member of a set is any text, so its colons separate nothing
  if (type === 's') return [{ values: [value], parts }];
  if (value.includes(':')) {
    const values = value.split(':');
    return isPackOf(type, values) ? [{ values, parts }] : undefined;
  }
  return right.includes('|#') ? [{ values: [value], parts }] : splitMetrics(right);
}

/** As in upstream, each value of a timer, histogram or distribution is checked by itself. */
function isPackOf(type: string, values: readonly string[]): boolean {
  if (type === 'c' || type === 'g') return readPack(type === 'c' ? 'counter' : 'gauge', values) !== undefined;
  return packable.has(type);
}

/** Splits `1|c:2|g` at its colons, except those inside a section (`|c:ID`, `|e:…`, `|card:…`). */
function splitMetrics(right: string): RawSample[] {
  const samples: RawSample[] = [];
  let pieces: string[] = [];
  const finish = () => {
    const [value = '', ...parts] = pieces;
    samples.push({ values: [value], parts });
  };
  for (const component of right.split('|')) {
    const isSection = pieces.length >= 2 && /^(?:c|e|card):/.test(component);
    const [first = '', ...next] = isSection ? [component] : component.split(':');
    pieces.push(first);
    for (const piece of next) {
      finish();
      pieces = [piece];
    }
  }
  finish();
  return samples;
}

interface Head {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly dialects: Dialects;
}

function readGroup({ values, parts }: RawSample, { name, labels, dialects }: Head): SampleGroup {
  const tags = new Tags();
  for (const [key, value] of labels) tags.labels.set(key, value);
  const rates = new Rates();
  const [type = '', ...sections] = parts;
  const isFaultFirst = parts.length === 0 || countedSections(sections) > maxSections;
  const fault = isFaultFirst ? 'malformed_component' : readSections(sections, { tags, rates, dialects });
  const isTimed = sections.some((section) => section.startsWith('T'));
  const group = { values, isFaultFirst, isTimed, tagErrors: tags.errors, rateErrors: rates.errors };
  if (fault !== undefined) return { ...group, fault, shape: undefined, hasLabels: false };
  const hasLabels = tags.labels.size > 0;
  if (!isSampleType(type)) return { ...group, fault: 'illegal_event', shape: undefined, hasLabels };
  const shape = { name, labels: tags.labels, type, ...rates.effect(type) };
  return { ...group, fault: undefined, shape, hasLabels };
}

const maxSections = 4;

/** Counts sections towards upstream's limit, except `e:` and `card:`, which it does not know. */
function countedSections(sections: readonly string[]): number {
  return sections.filter((section) => !/^(?:e|card):/.test(section)).length;
}

interface Reading {
  readonly tags: Tags;
  readonly rates: Rates;
  readonly dialects: Dialects;
}

/** Reads all sections; returns the fault if the sample is lost. */
function readSections(sections: readonly string[], reading: Reading): LineFault | undefined {
  if (sections.includes('')) return 'malformed_component';
  for (const section of sections) {
    const fault = readSection(section, reading);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** Reads `@rate`, `#tags`, `c:ID`; passes over `T…`, `e:…` and `card:…`. */
function readSection(section: string, { tags, rates, dialects }: Reading): LineFault | undefined {
  if (section.startsWith('@')) rates.add(section.slice(1));
  else if (section.startsWith('#')) {
    if (dialects.dogstatsd) tags.readList(section.slice(1), ':');
  } else if (/^(?:card:|e:|T)/.test(section)) return undefined;
  else if (/^c:./s.test(section)) tags.labels.set('container_id', section.slice(2));
  else return section.startsWith('c') ? 'malformed_container_id' : 'invalid_sample_factor';
  return undefined;
}

function isSampleType(type: string): type is SampleType {
  return packable.has(type) || type === 's';
}

/** The sampling rates of one sample. */
class Rates {
  errors = 0;
  #product = 1;
  #last = 1;

  add(text: string): void {
    const rate = parseGoFloat(text);
    if (rate === undefined) this.errors++;
    this.#last = rate === undefined || rate === 0 ? 1 : rate;
    this.#product *= this.#last;
  }

  /** Counters are scaled up by all rates; the last rate alone weighs an observation; gauges ignore rates. */
  effect(type: SampleType): { divisor: number; weight: number } {
    if (type === 'c') return { divisor: this.#product, weight: 1 };
    if (type === 'g' || type === 's') return { divisor: 1, weight: 1 };
    const times = Math.trunc(1 / this.#last);
    const weight = times >= 1 && times <= Number.MAX_SAFE_INTEGER ? times : 0;
    return { divisor: type === 'ms' ? 1000 : 1, weight };
  }
}
