import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { adaptorMetrics } from './adaptor-metrics.ts';
import { upstreamMetrics } from './upstream-metrics.ts';

const readme = join(import.meta.dirname, '../../README.md');

it('has every own metric in the README (vitest -u writes it there)', async () => {
  const rows = [...adaptorMetrics, ...upstreamMetrics]
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, type, help }) => `| \`${name}\` | ${type} | ${help} |`);
  const table = ['| metric | type | meaning |', '|---|---|---|', ...rows].join('\n');
  const text = readFileSync(readme, 'utf8').replace(
    /<!-- metrics -->[\s\S]*?<!-- \/metrics -->/,
    () => `<!-- metrics -->\n${table}\n<!-- /metrics -->`,
  );
  expect(text).toContain(table);
  await expect(text).toMatchFileSnapshot(readme);
});
