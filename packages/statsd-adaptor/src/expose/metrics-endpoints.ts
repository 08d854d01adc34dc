import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AdminHandler } from '@pod-patterns/kit';
import type { Registry as ProcessRegistry } from 'prom-client';
import { formatFor } from './formats.ts';
import type { Linger } from './linger.ts';
import type { ExposedSeries } from './metrics-in-order.ts';
import { OpenScrapes } from './open-scrapes.ts';
import { type Observed, type OwnMetric, readOwnMetric } from './own-metric.ts';
import type { PlainMetric } from './plain-metric.ts';
import { readProcessMetrics } from './process-metrics.ts';
import { answerScrape } from './scrape.ts';

export interface MetricsOptions {
  readonly observed: Observed;
  readonly ownMetrics: readonly OwnMetric[];
  readonly processMetrics: ProcessRegistry;
  /** Serves the adaptor's own metrics with the series. */
  readonly withOwn: boolean;
  readonly linger: Pick<Linger, 'watch'>;
  readonly now: () => number;
}

const noSeries: ExposedSeries = { names: () => [], families: new Map() };

/** Answers scrapes of the series and of the adaptor's own metrics. */
export class MetricsEndpoints {
  readonly #options: MetricsOptions;
  readonly #open: OpenScrapes;
  #lastScrapedAt: string | null = null;

  constructor(options: MetricsOptions) {
    this.#options = options;
    this.#open = new OpenScrapes(options.observed.counts);
  }

  /** Time of the last scrape of the series, RFC 3339; null before the first. */
  get lastScrapedAt(): string | null {
    return this.#lastScrapedAt;
  }

  /** Answers with the series. */
  readonly scrape: AdminHandler = async (request, response) => {
    const { observed, linger, withOwn } = this.#options;
    this.#open.add(response);
    linger.watch(response);
    this.#lastScrapedAt = new Date().toISOString();
    await this.#answer(request, response, { series: observed.registry, withOwn });
  };

  /** Answers with the adaptor's own metrics alone. */
  readonly scrapeOwn: AdminHandler = async (request, response) => {
    this.#open.add(response);
    await this.#answer(request, response, { series: noSeries, withOwn: true });
  };

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    { series, withOwn }: { readonly series: ExposedSeries; readonly withOwn: boolean },
  ): Promise<void> {
    const { observed, now } = this.#options;
    await observed.sockets.refresh();
    if (response.destroyed) return;
    const plain = withOwn ? await this.#readOwn() : [];
    const { contentType, pieces } = formatFor(request.headers.accept);
    await answerScrape(request, response, { contentType, pieces: pieces(series, plain, now) });
  }

  async #readOwn(): Promise<PlainMetric[]> {
    const { observed, ownMetrics, processMetrics } = this.#options;
    const own = ownMetrics.map((metric) => readOwnMetric(metric, observed));
    return [...own, ...(await readProcessMetrics(processMetrics))];
  }
}
