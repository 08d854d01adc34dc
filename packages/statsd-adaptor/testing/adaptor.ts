import { BadLines } from '../src/bad-lines.ts';
import { Counts } from '../src/counts.ts';
import { exposition } from '../src/expose/exposition.ts';
import { Mapper } from '../src/map/mapper.ts';
import { LruCache } from '../src/map/match-cache.ts';
import { readMapping } from '../src/map/read-mapping.ts';
import type { Dialects } from '../src/parse/tags.ts';
import { Pipeline } from '../src/pipeline.ts';
import { Registry, type RegistryLimits } from '../src/series/registry.ts';
import {
  HistogramSeries,
  NumberSeries,
  type Series,
  SetSeries,
  SummarySeries,
} from '../src/series/series.ts';

/** The default dialects. */
export const allDialects: Dialects = {
  dogstatsd: true,
  influxdb: true,
  librato: true,
  signalfx: true,
  graphite: false,
};

export interface AdaptorOptions {
  readonly mapping?: string;
  readonly dialects?: Partial<Dialects>;
  readonly limits?: Partial<RegistryLimits>;
  readonly cacheSize?: number;
}

const letters = { counter: 'c', gauge: 'g', set: 's', summary: 'o', histogram: 'o' } as const;

/** The adaptor without its sockets and HTTP server, with a clock that the test moves. */
export class TestAdaptor {
  readonly counts = new Counts();
  readonly badLines: BadLines;
  readonly registry: Registry;
  readonly pipeline: Pipeline;
  nowMs = 1000;
  readonly #cacheSize: number;

  constructor({ mapping = '', dialects = {}, limits = {}, cacheSize = 1000 }: AdaptorOptions = {}) {
    this.badLines = new BadLines(this.counts, () => this.nowMs);
    this.#cacheSize = cacheSize;
    const none = Number.POSITIVE_INFINITY;
    const unlimited = { total: none, perMetric: none, bytes: none };
    this.registry = new Registry({
      limits: { ...unlimited, ...limits },
      sets: { windowMs: 60_000, seed: 42 },
      nowSeconds: this.nowMs / 1000,
    });
    this.pipeline = new Pipeline({
      dialects: { ...allDialects, ...dialects },
      mapper: this.mapper(mapping),
      registry: this.registry,
      counts: this.counts,
      now: () => this.nowMs,
      hashSeed: 42,
      badLines: this.badLines,
    });
  }

  mapper(text: string): Mapper {
    const result = readMapping(text);
    if (!result.ok)
      throw new Error(result.faults.map(({ line, message }) => `line ${line}: ${message}`).join('\n'));
    return new Mapper(result.mapping, new LruCache(this.#cacheSize), this.counts);
  }

  /** Sends each text as a datagram. */
  send(...datagrams: ReadonlyArray<string | Buffer>): this {
    for (const datagram of datagrams) this.pipeline.takeDatagram(Buffer.from(datagram));
    return this;
  }

  /** Lets time pass and removes expired series. */
  pass(ms: number): this {
    this.nowMs += ms;
    const { removed } = this.registry.expire(this.nowMs / 1000, Number.POSITIVE_INFINITY);
    this.counts.expired += removed;
    return this;
  }

  /** The whole text of the series. */
  text(): string {
    return [...exposition(this.registry, [], () => this.nowMs)].join('');
  }

  /** Its sample lines, without comments. */
  samples(): string[] {
    return this.text()
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
  }

  /** All series in short: `c NAME{LABELS} VALUE`, `g …`, `s …` (set), `o …` with SUM/COUNT for observers. */
  brief(): string[] {
    const all = [...this.registry.families.values()].flatMap((family) =>
      [...family.series.values()].map((series) => {
        const { text } = series.labels;
        return `${letters[family.kind]} ${family.name}${text === '' ? '' : `{${text}}`} ${this.#value(series)}`;
      }),
    );
    return all.sort();
  }

  /** Faults: `REASON` or `REASON=COUNT`, and `tag=COUNT` for bad tags. */
  errors(): string[] {
    const { sampleErrors, eventErrors, conflicts, tagErrors } = this.counts;
    const all = [
      ...sampleErrors,
      ...eventErrors,
      ...[...conflicts.values()].map(({ type, name, count }) => [`conflict:${type}:${name}`, count] as const),
      ...(tagErrors > 0 ? [['tag', tagErrors] as const] : []),
    ];
    return all
      .map(([reason, count]) => (count === 1 && reason !== 'tag' ? reason : `${reason}=${count}`))
      .sort();
  }

  #value(series: Series): string {
    if (series instanceof NumberSeries) return String(series.value);
    if (series instanceof SetSeries) return String(series.members.count(this.nowMs));
    if (series instanceof SummarySeries || series instanceof HistogramSeries)
      return `${series.sum}/${series.count}`;
    throw new TypeError('unknown kind of series');
  }
}
