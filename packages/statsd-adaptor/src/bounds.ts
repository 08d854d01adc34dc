import type { MemoryBounds } from '@pod-patterns/kit';
import type { Config } from './options.ts';
import type { LineCacheBounds } from './series/line-cache.ts';
import type { RegistryLimits } from './series/registry.ts';

/** Share of the container's memory; the rest is for Node, cached lines, connections and scrapes. */
const seriesShare = 0.25;

/** A connection takes up to 64 KiB, and all of them together a tenth of the memory. */
const connectionShare = 0.1;
const connectionBytes = 65_536;

export interface Bounds {
  readonly maxConnections: number;
  readonly series: RegistryLimits;
  readonly remembered: Partial<LineCacheBounds>;
}

/** Reads the bounds; those of memory and connections follow the container's memory by default. */
export function boundsOf(
  config: Pick<Config, 'seriesMemory' | 'seriesLimit' | 'seriesLimitPerMetric' | 'tcpMaxConnections'>,
  memory: MemoryBounds,
): Bounds {
  const maxConnections = memory.settle('statsd.tcp-max-connections', {
    asked: config.tcpMaxConnections,
    share: connectionShare,
    unitBytes: connectionBytes,
    otherwise: 1024,
  });
  const bytes = memory.settle('statsd.series-memory', {
    asked: config.seriesMemory,
    share: seriesShare,
    otherwise: Number.POSITIVE_INFINITY,
  });
  const series = {
    total: config.seriesLimit,
    perMetric: config.seriesLimitPerMetric ?? Number.POSITIVE_INFINITY,
    bytes,
  };
  return { maxConnections, series, remembered: rememberedOf(bytes) };
}

/** A cached line takes about 300 bytes besides its key. */
function rememberedOf(seriesBytes: number): Partial<LineCacheBounds> {
  if (seriesBytes === Number.POSITIVE_INFINITY) return {};
  return {
    maxEntries: Math.min(262_144, Math.max(4096, Math.floor(seriesBytes / 500))),
    maxKeyBytes: Math.min(32 << 20, Math.max(1 << 20, Math.floor(seriesBytes / 8))),
  };
}
