import { randomInt } from 'node:crypto';
import { runService, type ServiceContext } from '@pod-patterns/kit';
import { Counts } from './counts.ts';
import { adaptorMetrics } from './expose/adaptor-metrics.ts';
import { processSampleNames } from './expose/process-metrics.ts';
import { Rate } from './expose/rate.ts';
import { addRoutes } from './expose/routes.ts';
import { upstreamMetrics } from './expose/upstream-metrics.ts';
import { openListeners } from './listen/open-listeners.ts';
import type { SocketState } from './listen/socket-state.ts';
import type { Mapping } from './map/mapper.ts';
import { Rules } from './map/rules.ts';
import { dialectsOf, program } from './options.ts';
import { Pipeline } from './pipeline.ts';
import { startExpiry } from './series/expiry-timer.ts';
import { Registry } from './series/registry.ts';
import { checkedMapping } from './startup-checks.ts';

const now = () => performance.now();

const mapping = checkedMapping();
await runService(program, (context) => start(context, mapping));

async function start(context: ServiceContext<typeof program.options>, rulesAtStart: Mapping): Promise<void> {
  const { config, log, resources, routes, readiness, metrics: processMetrics } = context;
  const counts = new Counts();
  const rules = new Rules({ config, mapping: rulesAtStart, counts, log, random: Math.random });
  let sockets: readonly SocketState[] = [];
  const seed = randomInt(2 ** 32);
  const registry = new Registry({
    limits: { total: config.seriesLimit, perMetric: config.seriesLimitPerMetric ?? Number.POSITIVE_INFINITY },
    sets: { windowMs: config.setWindow, seed },
    nowSeconds: now() / 1000,
  });
  const observed = {
    version: program.version,
    counts,
    registry,
    mapper: () => rules.mapper,
    sockets: () => sockets,
  };
  const ownMetrics = [...upstreamMetrics(observed), ...adaptorMetrics(observed)];
  registry.reserve([...ownMetrics.map(({ name }) => name), ...processSampleNames(processMetrics)]);

  const pipeline = new Pipeline({
    dialects: dialectsOf(config),
    mapper: rules.mapper,
    registry,
    counts,
    now,
    hashSeed: seed,
  });
  rules.onChange = (mapper) => pipeline.useMapper(mapper);
  const reload = () => rules.reload();
  process.on('SIGHUP', reload);

  resources.use(
    startExpiry(registry, now, (count) => {
      counts.expired += count;
    }),
  );
  const lineRate = resources.use(new Rate(() => counts.lines, now));
  const listeners = await openListeners({ config, pipeline, counts, log, resources });
  const quit = () => process.kill(process.pid, 'SIGTERM');
  const onSockets = (states: readonly SocketState[]) => {
    sockets = states;
  };
  addRoutes(routes, {
    config,
    counts,
    registry,
    ownMetrics,
    processMetrics,
    readiness,
    listeners,
    onSockets,
    lineRate,
    now,
    reload,
    quit,
  });
}
