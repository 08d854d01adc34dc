import { randomInt } from 'node:crypto';
import { MemoryBounds, runService, type ServiceContext } from '@pod-patterns/kit';
import { BadLines } from './bad-lines.ts';
import { boundsOf } from './bounds.ts';
import { Counts } from './counts.ts';
import { adaptorMetrics } from './expose/adaptor-metrics.ts';
import { Linger } from './expose/linger.ts';
import { logBadLines } from './expose/log-bad-lines.ts';
import { processSampleNames } from './expose/process-metrics.ts';
import { Rate } from './expose/rate.ts';
import { addRoutes } from './expose/routes.ts';
import { upstreamMetrics } from './expose/upstream-metrics.ts';
import { webGuardOf } from './expose/web-guard.ts';
import { openListeners } from './listen/open-listeners.ts';
import { openRelay } from './listen/open-relay.ts';
import { UdpSockets } from './listen/udp-sockets.ts';
import { dumpGlobs } from './map/glob-graph.ts';
import { Rules } from './map/rules.ts';
import { watchConfigMap } from './map/watch-config-map.ts';
import { dialectsOf, program } from './options.ts';
import { Pipeline } from './pipeline.ts';
import { startExpiry } from './series/expiry-timer.ts';
import { Registry } from './series/registry.ts';
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
  const counts = new Counts();
  const sockets = new UdpSockets();
  const seed = randomInt(2 ** 32);
  const bounds = boundsOf(config, new MemoryBounds({ name: program.name, log, metrics: processMetrics }));
  const registry = new Registry({
    limits: {
      total: config.seriesLimit,
      perMetric: config.seriesLimitPerMetric ?? Number.POSITIVE_INFINITY,
      bytes: bounds.seriesBytes,
    },
    sets: { windowMs: config.setWindow, seed },
    nowSeconds: now() / 1000,
  });
  if (config.dumpFsm !== '') dumpGlobs(config.dumpFsm, checks.loaded.mapping, log);
  const rules = new Rules({ config, loaded: checks.loaded, counts, log, random: Math.random });
  const relay = await openRelay(context);
  const badLines = new BadLines(counts, Date.now);
  const { version } = program;
  const observed = { version, counts, registry, rules, sockets, badLines, relay: relay?.counts };
  const ownMetrics = [...upstreamMetrics, ...adaptorMetrics];
  registry.reserve([...ownMetrics.map(({ name }) => name), ...processSampleNames(processMetrics)]);

  const pipeline = new Pipeline({
    ...{ registry, counts, now, relay, badLines },
    dialects: dialectsOf(config),
    mapper: rules.mapper,
    hashSeed: seed,
    remembered: bounds.remembered,
  });
  rules.onChange = (changed) => pipeline.useMapper(changed);
  const reload = () => rules.reload();
  process.on('SIGHUP', reload);
  resources.use(watchConfigMap(config.mappingConfig, () => rules.reload('changed')));

  resources.use(logBadLines(badLines, log));
  resources.use(startExpiry(registry, counts, now));
  const lineRate = resources.use(new Rate(() => counts.lines, now));
  const { maxConnections } = bounds;
  await openListeners({ config, maxConnections, pipeline, counts, sockets, log, resources });
  // the last resource is closed first: everything keeps running while it lingers
  const linger = resources.use(new Linger({ ms: config.linger, cut: context.cut, log }));
  const quit = () => process.kill(process.pid, 'SIGTERM');
  addRoutes(context, { observed, ownMetrics, lineRate, linger, now, reload, quit });
}
