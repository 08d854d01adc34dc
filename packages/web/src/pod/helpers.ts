import type { Helper, Reading } from './helper.ts';
import { isJsonObject, listAt, numberAt, sumOf, textAt } from './json.ts';

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
      read: readShipper,
      summarize: ({ sink }) => `ships every line to ${sink ?? 'the log backend'}`,
    },
    {
      name: 'statsd-adaptor',
      role: 'adaptor',
      url: statsdAdaptorUrl,
      read: readAdaptor,
      summarize: () => 'StatsD in, /metrics out',
    },
    {
      name: 'redis-ambassador',
      role: 'ambassador',
      url: redisAmbassadorUrl,
      read: readAmbassador,
      summarize: ({ topology = 'Redis', upstream }) =>
        upstream === undefined ? 'knows where Redis really is' : `${topology} at ${upstream}`,
    },
  ];
}

function readShipper(status: unknown): Reading {
  const sinks = listAt(status, 'sinks');
  const stuck = sinks.find((sink) => textAt(sink, 'state') !== 'ok');
  const files = listAt(status, 'files');
  return {
    counters: { records: numberAt(status, 'records') },
    figures: {
      files: files.length > 0 ? files.length : undefined,
      lagBytes: numberAt(status, 'lagBytes'),
      lagSeconds: numberAt(status, 'lagSeconds'),
      sink: schemeOf(textAt(sinks[0], 'sink')),
    },
    trouble: stuck === undefined ? undefined : `a sink is ${textAt(stuck, 'state') ?? 'in trouble'}`,
  };
}

/** `file:///var/x` is long, and a URL may tell too much: its kind is enough. */
function schemeOf(sink: string | undefined): string | undefined {
  return sink?.split(':')[0];
}

function readAdaptor(status: unknown): Reading {
  const scraped = textAt(status, 'lastScrapedAt');
  return {
    counters: { lines: numberAt(status, 'linesTotal') },
    figures: {
      series: numberAt(status, 'series'),
      errors: isJsonObject(status) ? sumOf(Reflect.get(status, 'errors')) : undefined,
      scraped: scraped === undefined ? 'not scraped yet' : `scraped ${scraped.slice(11, 19)}`,
    },
    trouble: undefined,
  };
}

function readAmbassador(status: unknown): Reading {
  const nodes = listAt(status, 'topology', 'nodes');
  const state = textAt(status, 'upstream', 'state');
  const reason = textAt(status, 'upstream', 'reason');
  return {
    counters: { commands: numberAt(status, 'commands', 'total') },
    figures: {
      clients: numberAt(status, 'clients'),
      errors: numberAt(status, 'errors', 'total'),
      nodes: nodes.length > 0 ? nodes.length : undefined,
      topology: textAt(status, 'topology', 'kind'),
      upstream: textAt(nodes[0], 'address'),
      latencyMs: tenths(numberAt(nodes[0], 'latencyMs')),
    },
    trouble:
      state === undefined || state === 'up' ? undefined : `Redis is ${state}: ${reason ?? 'no reason given'}`,
  };
}

/** Finer ones would make every look differ from the one before. */
function tenths(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(value * 10) / 10;
}
