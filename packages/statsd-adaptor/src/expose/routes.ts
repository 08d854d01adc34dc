import type { IncomingMessage } from 'node:http';
import type { AdminHandler, Readiness } from '@pod-patterns/kit';
import { sendJson, sendText } from '@pod-patterns/kit';
import type { Registry as ProcessRegistry } from 'prom-client';
import type { Counts } from '../counts.ts';
import type { UdpSockets } from '../listen/udp-sockets.ts';
import type { Config } from '../options.ts';
import type { Registry } from '../series/registry.ts';
import { exposition } from './exposition.ts';
import { type OwnMetric, renderOwnMetric } from './own-metric.ts';
import { processBlocks } from './process-metrics.ts';
import type { Rate } from './rate.ts';
import { answerScrape } from './scrape.ts';
import { statusOf } from './status.ts';

export interface RoutesOptions {
  readonly config: Config;
  readonly counts: Counts;
  readonly registry: Registry;
  readonly ownMetrics: readonly OwnMetric[];
  readonly processMetrics: ProcessRegistry;
  readonly readiness: Readiness;
  readonly sockets: UdpSockets;
  readonly lineRate: Rate;
  readonly now: () => number;
  readonly reload: () => void;
  readonly quit: () => void;
}

/** The paths of the admin port besides the house's: the exposition, upstream's endpoints and `/status`. */
export function addRoutes(routes: Map<string, AdminHandler>, options: RoutesOptions): void {
  const { config, counts, registry, ownMetrics, processMetrics, readiness } = options;
  routes.set(config.telemetryPath, async (request, response) => {
    await options.sockets.refresh();
    const blocks = [...ownMetrics.map(renderOwnMetric), ...(await processBlocks(processMetrics))];
    await answerScrape(request, response, exposition(registry, blocks, options.now));
  });
  routes.set('/status', async (_, response) => {
    const sockets = await options.sockets.refresh();
    const { perSecond: linesPerSecond } = options.lineRate;
    sendJson(response, 200, statusOf(counts, { series: registry.seriesCount, linesPerSecond, sockets }));
  });
  routes.set('/-/healthy', onlyGet('Statsd Exporter is Healthy.\n'));
  routes.set('/-/ready', (request, response) => {
    if (readiness.isReady) return onlyGet('Statsd Exporter is Ready.\n')(request, response);
    return sendText(response, 503, 'Statsd Exporter is not Ready.\n');
  });
  if (!config.enableLifecycle) return;
  routes.set('/-/reload', (request, response) => {
    // before the answer, so that who has it finds the new rules
    if (isOrder(request)) options.reload();
    sendText(response, 200, isOrder(request) ? 'Requesting reload' : '');
  });
  routes.set('/-/quit', (request, response) => {
    if (isOrder(request)) response.once('finish', options.quit);
    sendText(response, 200, isOrder(request) ? 'Requesting termination... Goodbye!' : '');
  });
}

/** As upstream: another method than GET gets an empty answer. */
function onlyGet(text: string): AdminHandler {
  return ({ method }, response) => sendText(response, 200, method === 'GET' ? text : '');
}

/** As upstream: another method is answered with nothing. */
function isOrder({ method }: IncomingMessage): boolean {
  return method === 'PUT' || method === 'POST';
}
