import type { IncomingMessage } from 'node:http';
import type { AdminHandler, AdminRoute, Readiness, ServiceContext } from '@pod-patterns/kit';
import { memoryUse, sendJson, sendText } from '@pod-patterns/kit';
import type { Config, program } from '../options.ts';
import { largestFamilies, sendFrontPage } from './front-page.ts';
import type { Linger } from './linger.ts';
import { MetricsEndpoints } from './metrics-endpoints.ts';
import type { Observed, OwnMetric } from './own-metric.ts';
import type { Rate } from './rate.ts';
import { recentOf } from './recent.ts';
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

type Routes = Map<string, AdminRoute>;

/** Adds the paths of the admin port besides those of the kit: the exposition, upstream's endpoints and ours. */
export function addRoutes(context: ServiceContext<typeof program.options>, options: RoutesOptions): void {
  const { routes, config, readiness, metrics: processMetrics } = context;
  const { observed, ownMetrics, linger, now } = options;
  const { telemetryPath, ownMetricsPath } = config;
  const withOwn = ownMetricsPath === undefined;
  const metrics = new MetricsEndpoints({ observed, ownMetrics, processMetrics, withOwn, linger, now });
  routes.set(telemetryPath, { isOpen: true, answer: metrics.scrape });
  if (!withOwn) routes.set(ownMetricsPath, { isOpen: true, answer: metrics.scrapeOwn });
  addStatus(routes, options, metrics);
  addHealth(routes, readiness);
  addFrontPage(routes, config, options);
  if (config.enableLifecycle) addLifecycle(routes, options);
}

function addStatus(
  routes: Routes,
  { observed, lineRate }: Pick<RoutesOptions, 'observed' | 'lineRate'>,
  metrics: MetricsEndpoints,
): void {
  const { counts, registry, badLines } = observed;
  const status: AdminHandler = async (_, response) => {
    const sockets = await observed.sockets.refresh();
    const { perSecond: linesPerSecond } = lineRate;
    const { seriesCount: series } = registry;
    const { lastScrapedAt } = metrics;
    const memory = memoryUse();
    sendJson(response, 200, statusOf(counts, { series, linesPerSecond, sockets, lastScrapedAt, memory }));
  };
  const recent: AdminHandler = (_, response) => sendJson(response, 200, recentOf(badLines));
  routes.set('/status', { answer: status });
  routes.set('/debug/recent', { answer: recent });
}

/** Adds upstream's health endpoints, with its texts. */
function addHealth(routes: Routes, readiness: Pick<Readiness, 'isReady'>): void {
  const healthy = onlyGet('Statsd Exporter is Healthy.\n');
  const isReady = onlyGet('Statsd Exporter is Ready.\n');
  const ready: AdminHandler = (request, response) => {
    if (readiness.isReady) return isReady(request, response);
    return sendText(response, 503, 'Statsd Exporter is not Ready.\n');
  };
  routes.set('/-/healthy', { isOpen: true, methods: 'any', answer: healthy });
  routes.set('/-/ready', { isOpen: true, methods: 'any', answer: ready });
}

function addFrontPage(
  routes: Routes,
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

function addLifecycle(routes: Routes, { reload, quit }: Pick<RoutesOptions, 'reload' | 'quit'>): void {
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
