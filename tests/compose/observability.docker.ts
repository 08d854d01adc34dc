import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makePageViews } from '../pod/page-views.ts';
import { ComposePod } from './compose-pod.ts';

const monitoring = join(import.meta.dirname, '../../k8s/components/monitoring');

interface Dashboard {
  readonly panels: ReadonlyArray<{
    readonly title: string;
    readonly datasource?: { readonly type: string };
    readonly targets?: ReadonlyArray<{ readonly expr: string }>;
  }>;
}

const pod = new ComposePod();
let views: ReturnType<typeof makePageViews>;
beforeAll(async () => {
  await pod.up('prometheus');
  // a few views while Prometheus scrapes, so that there are rates
  views = makePageViews(pod.url, { page: 'watched', count: 20_000, concurrency: 2 });
  views.catch(() => {}); // the pod may stop first
});
afterAll(() => pod.down());

const api = async (path: string): Promise<{ readonly data: Record<string, unknown> }> => {
  const answer = await fetch(`${pod.prometheusUrl}/api/v1/${path}`);
  return (await answer.json()) as { data: Record<string, unknown> }; // the format of every answer of Prometheus' API
};
const query = async (expression: string) => {
  const { data } = await api(`query?query=${encodeURIComponent(expression)}`);
  return data['result'] as ReadonlyArray<{ metric: Record<string, string>; value: [number, string] }>; // the result of an instant query
};

it('Prometheus scrapes all four containers', async () => {
  const up = await eventually(
    async () => {
      const result = await query('up == 1');
      return result.length === 4 ? result : undefined;
    },
    { timeoutMs: 60_000, everyMs: 500 },
  );
  expect(up.map(({ metric }) => metric['container']).sort()).toEqual([
    'log-shipper',
    'redis-ambassador',
    'statsd-adaptor',
    'web',
  ]);
});

it('loads our alert rules, evaluates them without an error, and fires none', async () => {
  const names = [
    ...readFileSync(join(monitoring, 'pod-patterns.rules'), 'utf8').matchAll(/- alert: (\w+)/g),
  ].map((match) => match[1]);
  const rules = await eventually(
    async () => {
      const { data } = await api('rules');
      const [group] = data['groups'] as ReadonlyArray<{ rules: ReadonlyArray<Record<string, unknown>> }>; // one group
      return group?.rules.every(({ health }) => health === 'ok') ? group.rules : undefined;
    },
    { timeoutMs: 60_000, everyMs: 500 },
  );
  expect(rules.map(({ name }) => name)).toEqual(names);
  expect(rules.filter(({ state }) => state === 'firing').map(({ name }) => name)).toEqual([]);
});

it('every Prometheus query of the dashboard returns data', async () => {
  const dashboard: Dashboard = JSON.parse(readFileSync(join(monitoring, 'pod-patterns.dashboard'), 'utf8'));
  const queries = dashboard.panels
    .filter(({ datasource }) => datasource?.type === 'prometheus')
    .flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })));
  expect(queries.length).toBeGreaterThan(10);
  for (const { title, expr } of queries) {
    const expression = expr.replaceAll(/\$(namespace|pod)\b/g, '.*').replaceAll('$__rate_interval', '30s');
    const result = await eventually(
      async () => {
        const found = await query(expression);
        return found.length > 0 ? found : undefined;
      },
      { timeoutMs: 60_000, everyMs: 500 },
    ).catch(() => []);
    expect([title, expr, result.length > 0]).toEqual([title, expr, true]);
  }
});
