import { MemoryBounds, runService, type ServiceContext } from '@pod-patterns/kit';
import { boundsOf } from './bounds.ts';
import { openDataPath } from './data-path.ts';
import { adaptorMetrics } from './expose/adaptor-metrics.ts';
import { Linger } from './expose/linger.ts';
import { logBadLines } from './expose/log-bad-lines.ts';
import { processSampleNames } from './expose/process-metrics.ts';
import { Rate } from './expose/rate.ts';
import { addRoutes } from './expose/routes.ts';
import { upstreamMetrics } from './expose/upstream-metrics.ts';
import { webGuardOf } from './expose/web-guard.ts';
import { openListeners } from './listen/open-listeners.ts';
import { UdpSockets } from './listen/udp-sockets.ts';
import { dumpGlobs } from './map/glob-graph.ts';
import { watchConfigMap } from './map/watch-config-map.ts';
import { program } from './options.ts';
import { startExpiry } from './series/expiry-timer.ts';
import { StartupChecks } from './startup-checks.ts';

const now = () => performance.now();

const checks = new StartupChecks();
void runService(program, start, {
  findFaults: checks.findFaults,
  answer: checks.answer,
  guardOf: ({ webConfigFile }, log) => webGuardOf(webConfigFile, log),
});

async function start(context: ServiceContext<typeof program.options>): Promise<void> {
  const { config, log, resources, metrics: processMetrics } = context;
  const bounds = boundsOf(config, new MemoryBounds({ name: program.name, log, metrics: processMetrics }));
  const { loaded } = checks;
  if (config.dumpFsm !== '') dumpGlobs(config.dumpFsm, loaded.mapping, log);
  const ownMetrics = [...upstreamMetrics, ...adaptorMetrics];
  const reserved = [...ownMetrics.map(({ name }) => name), ...processSampleNames(processMetrics)];
  const path = await openDataPath({ context, bounds, loaded, reserved, now });
  const { pipeline, rules, registry, counts, badLines } = path;

  const reload = () => rules.reload();
  process.on('SIGHUP', reload);
  resources.use(watchConfigMap(config.mappingConfig, () => rules.reload('changed')));
  resources.use(logBadLines(badLines, log));
  resources.use(startExpiry(registry, counts, now));
  const lineRate = resources.use(new Rate(() => counts.lines, now));

  const sockets = new UdpSockets();
  const { maxConnections } = bounds;
  await openListeners({ config, maxConnections, pipeline, counts, sockets, log, resources });
  // the last resource is closed first: everything keeps running while it lingers
  const linger = resources.use(new Linger({ ms: config.linger, cut: context.cut, log }));
  const { version } = program;
  const observed = { version, counts, registry, rules, sockets, badLines, relay: path.relay?.counts };
  const quit = () => process.kill(process.pid, 'SIGTERM');
  addRoutes(context, { observed, ownMetrics, lineRate, linger, now, reload, quit });
}
