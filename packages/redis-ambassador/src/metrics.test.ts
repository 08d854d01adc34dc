import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { CommandTable } from './command/command-table.ts';
import { Figures } from './figures.ts';
import { exposeMetrics } from './metrics.ts';
import type { SessionServices } from './session/services.ts';

function expose(figures = new Figures()): Registry {
  const registry = new Registry();
  // values for the gauges
  const upstream = {
    state: { name: 'up' },
    latencyMs: 2,
    sharedLinkCount: 4,
    inFlightCount: 7,
    dedicated: { count: 1 },
  };
  const others = {
    nodes: {
      primary: upstream,
      upstreams: [upstream],
      topology: { placement: undefined, nodes: [] },
      reads: { readable: 0 },
    },
    clients: { count: 3 },
    memory: { usedBytes: 100 },
  } as unknown as SessionServices;
  exposeMetrics(registry, { ...others, figures });
  return registry;
}

describe('metrics', () => {
  it('show the counts', async () => {
    const figures = new Figures();
    const get = new CommandTable().find(Buffer.from('get'), 0, 3);
    figures.countCommand(get);
    figures.countCommand(get);
    figures.countError('timeout', 5);
    figures.countRejected('unread');
    figures.countConnectFailure('login-refused');
    figures.countConnectFailure('never heard of');
    figures.clientBytesIn = 42;
    figures.latency.observe(3, 2);
    figures.latency.observe(60_000, 1);
    const text = await expose(figures).metrics();
    for (const line of [
      'clients 3',
      'upstream_up 1',
      'upstream_latency_seconds 0.002',
      'links{kind="shared"} 4',
      'commands_total{family="string"} 2',
      'commands_total{family="list"} 0',
      'errors_total{reason="timeout"} 5',
      'rejected_total{reason="unread"} 1',
      'connect_failures_total{reason="login-refused"} 1',
      'connect_failures_total{reason="connect-failed"} 1',
      'client_bytes_total{direction="in"} 42',
      'upstream_duration_seconds_bucket{le="0.0025"} 0',
      'upstream_duration_seconds_bucket{le="0.005"} 2',
      'upstream_duration_seconds_bucket{le="+Inf"} 3',
      'upstream_duration_seconds_sum 60.006',
      'upstream_duration_seconds_count 3',
    ]) {
      expect(text).toContain(`\nredis_ambassador_${line}\n`);
    }
  });

  it('keep counting between two scrapes', async () => {
    const figures = new Figures();
    const registry = expose(figures);
    figures.repeated = 1;
    await registry.metrics();
    figures.repeated = 2;
    expect(await registry.metrics()).toContain('\nredis_ambassador_repeated_total 2\n');
  });

  it('match the README, with their labels', async () => {
    const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
    const named = [...readme.matchAll(/^\| `(redis_ambassador_\w+)(?:\{(\w+)\})?` \|/gm)].map(
      ([, name, label]) => `${name} ${label ?? ''}`,
    );
    const exposed = (await expose().getMetricsAsJSON()).map(({ name, values }) => {
      const [label] = Object.keys(values[0]?.labels ?? {});
      return `${name} ${label === undefined || label === 'le' ? '' : label}`;
    });
    expect(named.sort()).toEqual(exposed.sort());
  });
});
