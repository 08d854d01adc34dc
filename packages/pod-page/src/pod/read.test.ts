import { describe, expect, it } from 'vitest';
import type { Role } from './container.ts';
import { read } from './read.ts';

const now = Date.parse('2026-01-02T03:05:00Z');
const readJson = (role: Role, status: unknown) => read(role, JSON.stringify(status), now);
const memory = { kind: 'working set', bytes: 23.4 * 2 ** 20 };

describe('the status of a container', () => {
  it('of the shipper has records, files, lag, memory in whole MiB and the kind of the sink', () => {
    const status = {
      ...{ records: 7, lagBytes: 12, lagSeconds: 0.5, memory },
      sinks: [{ sink: 'https://user:***@logs/x', state: 'ok' }],
      files: [{ size: 100 }, { size: 20 }],
    };
    expect(readJson('sidecar', status)).toMatchObject({
      counters: { records: 7 },
      figures: {
        files: 2,
        lagBytes: 12,
        lagSeconds: 0.5,
        memoryBytes: 23 * 2 ** 20,
        memoryKind: 'working set',
      },
      trouble: undefined,
      summary: 'ships every line to https',
      taken: { count: 120, unit: 'bytes/s' },
      passed: { count: 7, unit: 'records/s' },
      backend: { name: 'Log backend', state: 'up', detail: 'https', nodes: [] },
    });
  });

  it('shows a failing sink as away with its reason, and each of several sinks', () => {
    const sinks = [
      { sink: 'file:///x', state: 'ok' },
      { sink: 'https://logs/x', state: 'failing', reason: '503' },
    ];
    expect(readJson('sidecar', { records: 1, sinks })).toMatchObject({
      trouble: 'a sink is failing: 503',
      backend: {
        state: 'away',
        nodes: [
          { name: 'file', state: 'up' },
          { name: 'https', state: 'failing' },
        ],
      },
    });
  });

  it('reports a file that cannot be read', () => {
    const status = { sinks: [{ sink: 'stdout', state: 'ok' }], problems: { '/a.log': 'permission denied' } };
    expect(readJson('sidecar', status).trouble).toBe('/a.log: permission denied');
  });

  it('of the adaptor has lines, series and the sum of all errors', () => {
    const status = {
      ...{ linesTotal: 9, series: 4, lastScrapedAt: '2026-01-02T03:04:05.678Z' },
      errors: { samples: { malformed_line: 2 }, events: {}, tags: 1, conflicts: 0 },
    };
    expect(readJson('adaptor', status)).toMatchObject({
      counters: { lines: 9 },
      figures: { series: 4, errors: 3 },
      taken: { count: 9, unit: 'lines/s' },
      backend: { name: 'Prometheus', state: 'up', detail: 'scraped at 03:04:05' },
    });
  });

  it.each([
    [null, { state: 'unknown', detail: 'never scraped' }],
    ['2026-01-02T02:59:00Z', { state: 'away', detail: 'scraped at 02:59:00' }],
  ])('of an adaptor that was last scraped at %j shows Prometheus as %j', (lastScrapedAt, backend) => {
    expect(readJson('adaptor', { linesTotal: 9, lastScrapedAt }).backend).toMatchObject(backend);
  });

  const ambassador = {
    clients: 2,
    commands: { total: 30, perSecond: 4 },
    errors: { total: 1 },
    upstream: { state: 'up', since: '' },
    topology: {
      kind: 'standalone',
      nodes: [{ address: 'redis:6379', role: 'primary', state: 'up', latencyMs: 0.4123 }],
    },
  };

  it('of the ambassador has commands, clients, errors, latency and the address of Redis', () => {
    expect(readJson('ambassador', ambassador)).toMatchObject({
      counters: { commands: 30 },
      figures: { clients: 2, errors: 1, latencyMs: 0.4 },
      trouble: undefined,
      summary: 'standalone at redis:6379',
      backend: { name: 'Redis', state: 'up', detail: 'redis:6379', nodes: [] },
    });
  });

  it('shows a Redis that is away with the reason', () => {
    const away = { ...ambassador, upstream: { state: 'down', reason: 'connect ECONNREFUSED' } };
    expect(readJson('ambassador', away)).toMatchObject({
      trouble: 'Redis is down: connect ECONNREFUSED',
      backend: { state: 'away' },
    });
  });

  it('of the ambassador has the topology with the role and state of each node', () => {
    const nodes = [
      { address: 'redis-0:6379', role: 'primary', state: 'up' },
      { address: 'redis-1:6379', role: 'replica', state: 'down' },
    ];
    expect(
      readJson('ambassador', { ...ambassador, topology: { kind: 'sentinel', nodes } }).backend,
    ).toMatchObject({
      detail: 'sentinel',
      nodes: [
        { name: 'redis-0:6379', role: 'primary', state: 'up' },
        { name: 'redis-1:6379', role: 'replica', state: 'down' },
      ],
    });
  });

  it.each([
    [
      'web_requests_total 5\nweb_page_views_total 3\nweb_in_flight_requests 1\n',
      { requests: 5, pageViews: 3 },
      { inFlight: 1 },
    ],
    [
      'http_requests_total{code="200"} 5\nhttp_requests_total{code="500"} 1 1700000000\n',
      { requests: 6 },
      {},
    ],
    ['process_resident_memory_bytes 1.1e+06\n', {}, { memoryBytes: 2 ** 20, memoryKind: 'RSS' }],
    [
      'a_container_memory_bytes{kind="working set"} 1048576\nprocess_resident_memory_bytes 9999999\n',
      {},
      { memoryBytes: 2 ** 20, memoryKind: 'working set' },
    ],
    ['nothing that is known 5\n', {}, {}],
  ])('of an application comes from its /metrics: case %#', (exposition, counters, figures) => {
    const reading = read('application', exposition, now);
    expect(reading).toMatchObject({ counters, figures });
    expect(Object.values(reading.counters).filter((value) => value !== undefined)).toEqual(
      Object.values(counters),
    );
  });

  it.each([
    undefined,
    null,
    7,
    'text',
    [],
    {},
    { topology: 'x', sinks: 3, errors: [], files: null, problems: 7 },
  ])('is read from %j without a fault', (status) => {
    for (const role of ['application', 'ambassador', 'adaptor', 'sidecar', 'init'] as const) {
      const reading = read(role, JSON.stringify(status) ?? '', now);
      expect(JSON.stringify(reading)).not.toMatch(/undefined|NaN/);
    }
  });
});
