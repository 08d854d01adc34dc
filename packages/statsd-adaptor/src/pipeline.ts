import { isAscii, isUtf8 } from 'node:buffer';
import type { BadLines } from './bad-lines.ts';
import { type Counts, eventTypeOf } from './counts.ts';
import type { Mapper } from './map/mapper.ts';
import { type Route, Router } from './map/route.ts';
import { parseGoFloat } from './parse/go-float.ts';
import { parseLine, type SampleGroup } from './parse/line.ts';
import { LineScanner } from './parse/line-scanner.ts';
import { readPack } from './parse/packed-values.ts';
import type { Dialects } from './parse/tags.ts';
import { LineCache, type LineCacheBounds } from './series/line-cache.ts';
import type { Registry } from './series/registry.ts';
import { HistogramSeries, NumberSeries, type Series, SetSeries, SummarySeries } from './series/series.ts';

export interface PipelineOptions {
  readonly dialects: Dialects;
  readonly mapper: Mapper;
  readonly registry: Registry;
  readonly counts: Counts;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
  readonly hashSeed: number;
  /** Bounds of the line cache. */
  readonly remembered?: Partial<LineCacheBounds> | undefined;
  /** Gets a copy of every line. */
  readonly relay?: { add(bytes: Buffer, start: number, end: number): void } | undefined;
  /** Gets every faulty line. */
  readonly badLines?: Pick<BadLines, 'note'> | undefined;
}

interface Pack {
  readonly route: Route;
  readonly kind: 'counter' | 'gauge';
  readonly texts: readonly string[];
}

const underscore = 95;
/** Lines cached even if there are fewer series. */
const leastRemembered = 4096;

/**
 * Turns bytes into series. A line that was seen before with any value costs a hash and parsing a number
 * (see `LineCache`); a new one goes through the grammar and the mapping once.
 */
export class Pipeline {
  readonly #dialects: Dialects;
  readonly #registry: Registry;
  readonly #counts: Counts;
  readonly #now: () => number;
  readonly #line: LineScanner;
  readonly #relay: PipelineOptions['relay'];
  readonly #badLines: PipelineOptions['badLines'];
  readonly #routes: LineCache<Route>;
  #router: Router;
  #nowMs = 0;
  /** The current sample's value, if it is a member of a set. */
  #member = '';

  constructor(options: PipelineOptions) {
    const { dialects, mapper, registry, counts, now, hashSeed, relay, badLines } = options;
    this.#routes = new LineCache(options.remembered);
    this.#dialects = dialects;
    this.#registry = registry;
    this.#counts = counts;
    this.#now = now;
    this.#relay = relay;
    this.#badLines = badLines;
    this.#line = new LineScanner(hashSeed);
    this.#router = new Router(mapper);
  }

  /** Replaces the mapping rules; existing series only take the new time to live, with their next sample. */
  useMapper(mapper: Mapper): void {
    this.#registry.useNewRules();
    this.#router = new Router(mapper);
    this.#routes.clear();
  }

  /** Number of cached lines, each standing for all lines that differ only in their value. */
  get rememberedLines(): number {
    return this.#routes.size;
  }

  /** Takes the lines of a datagram; the text after the last line feed is a line too, even if empty. */
  takeDatagram(bytes: Buffer): void {
    this.takeLines(bytes);
    // the unfinished line was scanned last
    this.#takeLine(bytes);
  }

  /** Takes the lines that end within the bytes and returns where the unfinished rest starts. */
  takeLines(bytes: Buffer): number {
    this.#nowMs = this.#now();
    this.#counts.batches++;
    const line = this.#line;
    let at = 0;
    while (line.scan(bytes, at, bytes.length)) {
      this.#takeLine(bytes);
      at = line.next;
    }
    return at;
  }

  #takeLine(bytes: Buffer): void {
    const counts = this.#counts;
    const { faults } = counts;
    counts.lines++;
    const line = this.#line;
    if (this.#relay !== undefined && line.end > line.start) this.#relay.add(bytes, line.start, line.end);
    const route = line.pipe < 0 ? undefined : this.#routes.get(bytes, line);
    if (route === undefined) this.#takeUnknown(bytes);
    else if (line.isPlain && route.kind !== 'set') {
      this.#countHit(route);
      this.#take(route, line.value, line.isSigned);
    } else this.#takeOdd(bytes, route);
    if (counts.faults !== faults) this.#badLines?.note(bytes, line, this.#nowMs);
  }

  #countHit(route: Route): void {
    this.#counts.cacheGets++;
    this.#counts.cacheHits++;
    this.#counts.badTags(route.lineTagErrors);
  }

  /** Takes a known line whose value is not a plain decimal: packed values, other number forms, a set's member. */
  #takeOdd(bytes: Buffer, route: Route): void {
    const { colon, pipe } = this.#line;
    if (!isAscii(bytes.subarray(colon + 1, pipe))) {
      // it may not be UTF-8 either
      this.#takeUnknown(bytes);
      return;
    }
    const text = bytes.toString('latin1', colon + 1, pipe);
    const values = route.kind === 'set' ? [text] : text.split(':');
    const isSum = route.kind === 'counter' || route.kind === 'gauge';
    if (isSum && values.length > 1) {
      this.#takePack(bytes, { route, kind: route.kind, texts: values });
      return;
    }
    this.#countHit(route);
    for (const value of values) this.#takeText(route, value);
  }

  /** Takes packed values of a known counter or gauge; if one is bad, the line counts as unknown. */
  #takePack(bytes: Buffer, { route, kind, texts }: Pack): void {
    const values = readPack(kind, texts);
    if (values === undefined) {
      this.#takeUnknown(bytes);
      return;
    }
    this.#countHit(route);
    for (let at = 0; at < values.length; at++) this.#take(route, values[at] ?? 0, isSigned(texts[at]));
  }

  /** Takes a new line through the whole grammar. */
  #takeUnknown(bytes: Buffer): void {
    const { start, end, colon } = this.#line;
    const counts = this.#counts;
    if (start === end) return;
    // an underscore may start a DogStatsD event, which has another form
    const isHopeless = colon === start || (colon < 0 && bytes[start] !== underscore);
    if (isHopeless || !isUtf8(bytes.subarray(start, end))) {
      counts.sampleError('malformed_line');
      return;
    }
    const parsed = parseLine(bytes.toString('utf8', start, end), this.#dialects);
    if (parsed.kind === 'event') counts.dogstatsdEvents++;
    else if (parsed.kind === 'service-check') counts.dogstatsdServiceChecks++;
    else if (parsed.kind === 'fault') {
      counts.badTags(parsed.tagErrors);
      counts.sampleError(parsed.fault);
    } else if (parsed.kind === 'samples') {
      counts.badTags(parsed.tagErrors);
      const routes = parsed.groups.map((group) => this.#takeGroup(group, parsed.tagErrors));
      const [route] = routes;
      const isRepeatable = routes.length === 1 && !parsed.groups[0]?.isTimed;
      if (route !== undefined && isRepeatable) this.#remember(bytes, route);
    }
  }

  #remember(bytes: Buffer, route: Route): void {
    // lines that do not return, such as those of expired series, must not fill the memory
    if (this.#routes.size >= leastRemembered + 2 * this.#registry.seriesCount) this.#routes.clear();
    this.#routes.set(bytes, this.#line, route);
  }

  /** Takes the samples of a group; returns the route for further lines like it. */
  #takeGroup(group: SampleGroup, lineTagErrors: number): Route | undefined {
    const { shape, values, hasLabels, tagErrors, rateErrors } = group;
    if (shape === undefined) {
      for (const value of values) this.#takeFaulty(group, value);
      return undefined;
    }
    const route = this.#router.route(shape, { hasLabels, lineTagErrors, tagErrors, rateErrors });
    for (const value of values) this.#takeText(route, value);
    return route;
  }

  #takeFaulty({ fault, isFaultFirst, tagErrors, rateErrors, hasLabels }: SampleGroup, value: string): void {
    const counts = this.#counts;
    counts.samples++;
    if (fault === undefined) return;
    if (!isFaultFirst && parseGoFloat(value) === undefined) {
      counts.sampleError('malformed_value');
      return;
    }
    counts.badTags(tagErrors);
    counts.sampleError('invalid_sample_factor', rateErrors);
    if (hasLabels) counts.tags++;
    counts.sampleError(fault);
  }

  /** Takes a sample whose value is still text. */
  #takeText(route: Route, text: string): void {
    const isMember = route.kind === 'set';
    this.#member = isMember ? text : '';
    const value = isMember && text !== '' ? 0 : parseGoFloat(text);
    if (value !== undefined) {
      this.#take(route, value, isSigned(text));
      return;
    }
    this.#counts.samples++;
    this.#counts.sampleError('malformed_value');
  }

  #take(route: Route, raw: number, isSigned: boolean): void {
    const counts = this.#counts;
    counts.samples++;
    if (route.hasLabels) counts.tags++;
    counts.badTags(route.tagErrors);
    if (route.rateErrors > 0) counts.sampleError('invalid_sample_factor', route.rateErrors);
    const { weight } = route;
    if (weight === 0) return;
    if (route.fate === 'drop') counts.dropped += weight;
    else if (route.fate === 'nameless') counts.eventError('empty_metric_name');
    else {
      if (route.isMapped) counts.mapped += weight;
      else counts.unmapped += weight;
      const value = (raw / route.divisor) * route.scale;
      if (route.kind !== 'gauge' && !Number.isFinite(value)) counts.eventError('illegal_not_finite_value');
      else if (route.kind === 'counter' && value < 0) counts.eventError('illegal_negative_counter');
      else this.#apply(route, value, isSigned);
    }
  }

  #apply(route: Route, value: number, isSigned: boolean): void {
    const series = route.series?.isLive ? route.series : this.#find(route);
    if (series === undefined) return;
    series.lastSeen = this.#nowMs / 1000;
    if (series instanceof NumberSeries) {
      if (route.kind === 'counter' || isSigned) series.value += value;
      else series.value = value;
    } else if (series instanceof SummarySeries) series.observe(value, route.weight, this.#nowMs);
    else if (series instanceof HistogramSeries) series.observe(value, route.weight);
    else if (series instanceof SetSeries) series.members.add(this.#member, this.#nowMs);
    this.#counts.events[eventTypeOf(route.kind)] += route.weight;
  }

  #find(route: Route): Series | undefined {
    const found = this.#registry.resolve(route, this.#nowMs / 1000);
    if (found === 'conflict') this.#counts.conflict(eventTypeOf(route.kind), route.name);
    else if (typeof found === 'string') this.#counts.refuse(found);
    else {
      route.series = found;
      return found;
    }
    return undefined;
  }
}

function isSigned(text: string | undefined): boolean {
  return text !== undefined && (text.startsWith('+') || text.startsWith('-'));
}
