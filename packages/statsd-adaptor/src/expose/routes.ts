import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AdminHandler, AdminRoute, ServiceContext } from '@pod-patterns/kit';
import { memoryUse, sendJson, sendText } from '@pod-patterns/kit';
import type { Config, program } from '../options.ts';
import { formatFor } from './formats.ts';
import { largestFamilies, sendFrontPage } from './front-page.ts';
import type { Linger } from './linger.ts';
import type { ExposedSeries } from './metrics-in-order.ts';
import { OpenScrapes } from './open-scrapes.ts';
import { type Observed, type OwnMetric, readOwnMetric } from './own-metric.ts';
import type { PlainMetric } from './plain-metric.ts';
import { readProcessMetrics } from './process-metrics.ts';
import type { Rate } from './rate.ts';
import { recentOf } from './recent.ts';
import { answerScrape } from './scrape.ts';
import { statusOf } from './status.ts';

export interface RoutesOptions {
  readonly observed: Observed;
  readonly ownMetrics: readonly OwnMetric[];
  readonly lineRate: Rate;
  readonly linger: Linger;
  readonly now: () => number;
  readonly reload: () => void;
  readonly quit: () => void;
}

const noSeries: ExposedSeries = { names: () => [], families: new Map() };

/** Paths of the admin port besides those of the kit: the exposition, upstream's endpoints and `/status`. */
export function addRoutes(context: ServiceContext<typeof program.options>, options: RoutesOptions): void {
  const { routes, config, readiness, metrics: processMetrics } = context;
  const { observed, ownMetrics } = options;
  const { counts, registry, sockets } = observed;
  let lastScrapedAt: string | null = null;
  const scrapes = new OpenScrapes(counts);
  const readOwn = async () => {
    const own = ownMetrics.map((metric) => readOwnMetric(metric, observed));
    return [...own, ...(await readProcessMetrics(processMetrics))];
  };
  const answerIn = async (
    request: IncomingMessage,
    response: ServerResponse,
    series: ExposedSeries,
    plain: readonly PlainMetric[],
  ) => {
    const { contentType, pieces } = formatFor(request.headers.accept);
    await answerScrape(request, response, { contentType, pieces: pieces(series, plain, options.now) });
  };
  const scrape: AdminHandler = async (request, response) => {
    scrapes.add(response);
    options.linger.watch(response);
    lastScrapedAt = new Date().toISOString();
    await sockets.refresh();
    if (response.destroyed) return;
    await answerIn(request, response, registry, config.ownMetricsPath === undefined ? await readOwn() : []);
  };
  const scrapeOwn: AdminHandler = async (request, response) => {
    scrapes.add(response);
    await sockets.refresh();
    if (response.destroyed) return;
    await answerIn(request, response, noSeries, await readOwn());
  };
  const status: AdminHandler = async (_, response) => {
    const states = await sockets.refresh();
    const { perSecond: linesPerSecond } = options.lineRate;
    const { seriesCount: series } = registry;
    const memory = memoryUse();
    sendJson(
      response,
      200,
      statusOf(counts, { series, linesPerSecond, sockets: states, lastScrapedAt, memory }),
    );
  };
  const recent: AdminHandler = (_, response) => sendJson(response, 200, recentOf(observed.badLines));
  const ready: AdminHandler = (request, response) => {
    if (readiness.isReady) return onlyGet('Statsd Exporter is Ready.\n')(request, response);
    return sendText(response, 503, 'Statsd Exporter is not Ready.\n');
  };
  const healthy = onlyGet('Statsd Exporter is Healthy.\n');
  routes.set(config.telemetryPath, { isOpen: true, answer: scrape });
  if (config.ownMetricsPath !== undefined)
    routes.set(config.ownMetricsPath, { isOpen: true, answer: scrapeOwn });
  routes.set('/status', { answer: status });
  routes.set('/debug/recent', { answer: recent });
  routes.set('/-/healthy', { isOpen: true, methods: 'any', answer: healthy });
  routes.set('/-/ready', { isOpen: true, methods: 'any', answer: ready });
  addFrontPage(routes, config, options);
  if (config.enableLifecycle) addLifecycle(routes, options);
}

function addFrontPage(
  routes: Map<string, AdminRoute>,
  config: Config,
  { observed, lineRate }: Pick<RoutesOptions, 'observed' | 'lineRate'>,
): void {
  const { version, counts, registry, rules, badLines } = observed;
  const answer: AdminHandler = (request, response) => {
    const { perSecond: linesPerSecond } = lineRate;
    sendFrontPage(request, response, {
      ...{ version, lines: counts.lines, linesPerSecond, series: registry.seriesCount },
      mappingFile: config.mappingConfig ?? '',
      rules: rules.mapper.ruleCount,
      largest: largestFamilies(registry.families.values()),
      badLines: badLines.list().slice(0, 10),
      paths: ['/livez', '/readyz', ...routes.keys()].filter((path) => path !== '/'),
    });
  };
  routes.set('/', { answer });
}

function addLifecycle(
  routes: Map<string, AdminRoute>,
  { reload, quit }: Pick<RoutesOptions, 'reload' | 'quit'>,
): void {
  const answerReload: AdminHandler = (request, response) => {
    // before the answer, so that the new rules are in use when it arrives
    if (isOrder(request)) reload();
    sendText(response, 200, isOrder(request) ? 'Requesting reload' : '');
  };
  const answerQuit: AdminHandler = (request, response) => {
    if (isOrder(request)) response.once('finish', quit);
    sendText(response, 200, isOrder(request) ? 'Requesting termination... Goodbye!' : '');
  };
  routes.set('/-/reload', { methods: 'any', answer: answerReload });
  routes.set('/-/quit', { methods: 'any', answer: answerQuit });
}

/** As in upstream, methods other than GET get an empty answer. */
function onlyGet(text: string): AdminHandler {
  return ({ method }, response) => sendText(response, 200, method === 'GET' ? text : '');
}

/** As in upstream, other methods get an empty answer. */
function isOrder({ method }: IncomingMessage): boolean {
  return method === 'PUT' || method === 'POST';
}
