import { describe, expect, it } from 'vitest';
import { helpersOf } from './helpers.ts';

const url = 'http://127.0.0.1:1';
const helpers = helpersOf({ logShipperUrl: url, statsdAdaptorUrl: url, redisAmbassadorUrl: url });
const read = (name: string, status: unknown) => helpers.find((helper) => helper.name === name)?.read(status);

describe("what a helper's /status says", () => {
  it('of the shipper: records, files, lag, the kind of the sink', () => {
    const status = {
      records: 7,
      lagBytes: 12,
      lagSeconds: 0.5,
      sinks: [{ sink: 'https://user:***@logs/x', state: 'ok' }],
      files: [{}, {}],
    };
    expect(read('log-shipper', status)).toEqual({
      counters: { records: 7 },
      figures: { files: 2, lagBytes: 12, lagSeconds: 0.5, sink: 'https' },
      trouble: undefined,
    });
    const failing = { ...status, sinks: [{ sink: 'https://logs/x', state: 'failing' }] };
    expect(read('log-shipper', failing)?.trouble).toBe('a sink is failing');
  });

  it('of the adaptor: lines, series, all errors together, the last scrape', () => {
    const status = {
      linesTotal: 9,
      series: 4,
      errors: { samples: { malformed_line: 2 }, events: {}, tags: 1, conflicts: 0 },
      lastScrapedAt: '2026-01-02T03:04:05.678Z',
    };
    expect(read('statsd-adaptor', status)).toEqual({
      counters: { lines: 9 },
      figures: { series: 4, errors: 3, scraped: 'scraped 03:04:05' },
      trouble: undefined,
    });
    expect(read('statsd-adaptor', { ...status, lastScrapedAt: null })?.figures).toMatchObject({
      scraped: 'not scraped yet',
    });
  });

  it('of the ambassador: commands, clients, errors, and the topology behind it', () => {
    const status = {
      clients: 2,
      commands: { total: 30, perSecond: 4 },
      errors: { total: 1 },
      upstream: { state: 'up', since: '' },
      topology: {
        kind: 'standalone',
        nodes: [{ address: 'redis:6379', role: 'master', state: 'up', latencyMs: 0.4123 }],
      },
    };
    expect(read('redis-ambassador', status)).toEqual({
      counters: { commands: 30 },
      figures: {
        clients: 2,
        errors: 1,
        nodes: 1,
        topology: 'standalone',
        upstream: 'redis:6379',
        latencyMs: 0.4,
      },
      trouble: undefined,
    });
    const away = { ...status, upstream: { state: 'down', reason: 'connect ECONNREFUSED' } };
    expect(read('redis-ambassador', away)?.trouble).toBe('Redis is down: connect ECONNREFUSED');
  });

  it.each([undefined, null, 7, 'text', [], {}, { topology: 'x', sinks: 3, errors: [] }])(
    '%j is understood as far as it goes',
    (status) => {
      for (const helper of helpers) {
        const { figures } = helper.read(status);
        expect(helper.summarize({})).not.toContain('undefined');
        expect(Object.values(figures)).not.toContain(Number.NaN);
      }
    },
  );
});
