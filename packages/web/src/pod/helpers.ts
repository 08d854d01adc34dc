import type { Figures } from './container.ts';
import type { Helper } from './helper.ts';
import { numberAt, textAt } from './json.ts';

export interface HelperUrls {
  readonly logShipperUrl: string;
  readonly statsdAdaptorUrl: string;
  readonly redisAmbassadorUrl: string;
}

/** The helpers of this pod, in the order of their start. */
export function helpersOf({ logShipperUrl, statsdAdaptorUrl, redisAmbassadorUrl }: HelperUrls): Helper[] {
  return [
    {
      name: 'log-shipper',
      role: 'sidecar',
      url: logShipperUrl,
      read: (status) => ({
        counters: { records: numberAt(status, 'records') },
        figures: {
          lagBytes: numberAt(status, 'lagBytes'),
          lagSeconds: numberAt(status, 'lagSeconds'),
        },
      }),
      summarize: () => 'ships every line of the log files',
    },
    {
      name: 'statsd-adaptor',
      role: 'adaptor',
      url: statsdAdaptorUrl,
      read: (status) => ({
        counters: { lines: numberAt(status, 'lines') },
        figures: { series: numberAt(status, 'series') },
      }),
      summarize: () => 'StatsD in, /metrics out',
    },
    {
      name: 'redis-ambassador',
      role: 'ambassador',
      url: redisAmbassadorUrl,
      read: (status) => ({
        counters: { commands: numberAt(status, 'commands') },
        figures: { topology: textAt(status, 'topology') },
      }),
      summarize: ({ topology = 'Redis' }: Figures) => `127.0.0.1:6379 is ${topology}`,
    },
  ];
}
