import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { createMetrics } from './metrics.ts';

const readme = join(import.meta.dirname, '../../README.md');

it('the README lists every metric (vitest -u updates it)', async () => {
  const registry = new Registry();
  createMetrics(registry, { lagBytes: () => 0, lagSeconds: () => 0, files: () => ({}) });
  const rows = registry
    .getMetricsAsArray()
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((metric) => `| \`${metric.name}\` | ${labelsOf(metric)} | ${metric.help} |`);
  const table = ['| metric | labels | meaning |', '|---|---|---|', ...rows].join('\n');
  const text = readFileSync(readme, 'utf8').replace(
    /<!-- metrics -->[\s\S]*?<!-- \/metrics -->/,
    () => `<!-- metrics -->\n${table}\n<!-- /metrics -->`,
  );
  expect(text).toContain(table);
  await expect(text).toMatchFileSnapshot(readme);
});

function labelsOf(metric: object): string {
  const names = 'labelNames' in metric && Array.isArray(metric.labelNames) ? metric.labelNames : [];
  return names.map((name) => `\`${name}\``).join(', ') || '–';
}
