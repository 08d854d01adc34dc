import { randomInt } from 'node:crypto';
import { formatHostPort, type ServiceContext } from '@pod-patterns/kit';
import { Counts } from './counts.ts';
import { exposition } from './expose/exposition.ts';
import { ownMetrics, renderOwnMetric, type SocketState } from './expose/own-metrics.ts';
import { answerScrape } from './expose/scrape.ts';
import { listenTcp } from './listen/tcp.ts';
import { listenUdp } from './listen/udp.ts';
import { builtInDefaults } from './map/rule.ts';
import type { program } from './options.ts';
import { Pipeline } from './pipeline.ts';
import { Registry } from './series/registry.ts';

const now = () => performance.now();

export async function start(context: ServiceContext<(typeof program)['options']>): Promise<void> {
  const { config, log, routes, resources } = context;
  const counts = new Counts();
  const registry = new Registry(
    { total: config.seriesLimit, perMetric: config.seriesLimitPerMetric ?? Number.POSITIVE_INFINITY },
    [],
    now() / 1000,
  );
  const pipeline = new Pipeline({
    dialects: {
      dogstatsd: config.parseDogstatsdTags,
      influxdb: config.parseInfluxdbTags,
      librato: config.parseLibratoTags,
      signalfx: config.parseSignalfxTags,
    },
    mapper: { defaults: builtInDefaults, match: () => undefined },
    registry,
    counts,
    now,
    hashSeed: randomInt(2 ** 32),
  });
  const sockets: SocketState[] = [];
  const own = ownMetrics({
    version: '0.1.0',
    counts,
    registry,
    loadedMappings: () => 0,
    mapperCacheSize: () => 0,
    sockets: () => sockets,
  });
  routes.set(config.telemetryPath, async (request, response) => {
    const blocks = own.map((metric) => ({ name: metric.name, text: renderOwnMetric(metric) }));
    await answerScrape(request, response, exposition(registry, blocks, now));
  });
  if (config.listenUdp !== null) {
    const udp = resources.use(
      await listenUdp({
        listen: config.listenUdp,
        receiveBufferBytes: config.readBuffer,
        onDatagram: (bytes) => {
          counts.udpPackets++;
          pipeline.takeDatagram(bytes);
        },
        onError: (error) => log.error(error.message),
      }),
    );
    log.info('listening', {
      protocol: 'udp',
      address: formatHostPort(udp.address),
      receiveBufferBytes: udp.receiveBufferBytes,
    });
  }
  if (config.listenTcp !== null) {
    const tcp = resources.use(
      await listenTcp({
        listen: config.listenTcp,
        maxConnections: config.tcpMaxConnections,
        counts,
        takeLines: (bytes) => pipeline.takeLines(bytes, 0),
        takeLastLine: (bytes) => pipeline.takeLastLine(bytes, 0),
      }),
    );
    log.info('listening', { protocol: 'tcp', address: formatHostPort(tcp.address) });
  }
}
