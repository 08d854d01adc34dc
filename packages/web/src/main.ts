import { MemoryBounds, runService, type ServiceContext } from '@pod-patterns/kit';
import { createApp } from './app.ts';
import { Cache } from './clients/cache.ts';
import { RedisClient } from './clients/redis.ts';
import { openStatsd } from './clients/statsd.ts';
import { Views } from './clients/views.ts';
import { faultRoutes } from './faults/admin-routes.ts';
import { Faults } from './faults/faults.ts';
import { startDrainingServer } from './http/draining-server.ts';
import { openBounds } from './http/open-bounds.ts';
import { Traffic } from './http/traffic.ts';
import { openLogFiles } from './logs/log-files.ts';
import { program } from './options.ts';
import { infoOf } from './routes/info.ts';

type Context = ServiceContext<(typeof program)['options']>;

void runService(program, async (context) => {
  const { config, log, metrics, readiness, routes, resources, stopping, cut } = context;
  const info = infoOf(program, process.env, new Date());
  const traffic = new Traffic();
  traffic.exportTo(metrics);
  const bounds = openBounds(config, new MemoryBounds({ name: program.name, log, metrics }), traffic);

  // closed in reverse order: requests first, then StatsD and logs are flushed, then Redis
  const redis = resources.use(await openRedis(context, bounds.maxRequests));
  const logs = resources.use(await openLogFiles({ ...config, log, metrics }));
  const statsd = resources.use(
    openStatsd({
      address: config.statsd,
      log,
      metrics,
      inFlight: () => traffic.inFlight,
      maxPages: config.maxPages,
    }),
  );
  const faults = config.faults ? new Faults({ log, logs, readiness, stopping }) : undefined;
  for (const [path, route] of faults ? faultRoutes(faults) : []) routes.set(path, route);
  const app = createApp({
    info,
    logs,
    statsd,
    traffic,
    views: new Views(redis, config.maxPages),
    cache: new Cache(redis, config.maxCacheEntries),
    ...(faults && { faults: faults.middleware }),
  });
  const server = await startDrainingServer({
    listen: config.listen,
    handler: app,
    bounds,
    drainDelayMs: config.drainDelay,
    cut,
  });
  resources.use(server);
  log.info('listening', { address: server.address });
});

/** Opens the connection to Redis; with `--redis-required` its state is the readiness of web. */
function openRedis({ config, log, metrics, readiness }: Context, maxWaiting: number): Promise<RedisClient> {
  return RedisClient.open({
    url: config.redisUrl,
    timeoutMs: config.redisTimeout,
    maxWaiting,
    isWatched: config.redisRequired,
    log,
    metrics,
    onState: (failure) => {
      if (failure === undefined) readiness.ready('redis');
      else if (config.redisRequired) readiness.unready('redis', failure.message);
    },
  });
}
