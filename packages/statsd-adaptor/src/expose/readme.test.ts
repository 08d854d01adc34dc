import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLogger } from '@pod-patterns/kit';
import { expect, it } from 'vitest';
import { TestAdaptor } from '../../testing/adaptor.ts';
import { UdpSockets } from '../listen/udp-sockets.ts';
import { emptyMapping } from '../map/read-mapping.ts';
import { Rules } from '../map/rules.ts';
import { adaptorMetrics } from './adaptor-metrics.ts';
import { upstreamMetrics } from './upstream-metrics.ts';

const readme = join(import.meta.dirname, '../../README.md');

it('has every own metric in the README (vitest -u writes it there)', async () => {
  const { counts, registry } = new TestAdaptor();
  const config = { mappingConfig: undefined, cacheSize: 0, cacheType: 'lru' } as const;
  const log = createLogger({ component: 'test', level: 'error', format: 'json' });
  const rules = new Rules({ config, mapping: emptyMapping, counts, log, random: () => 0 });
  const observed = { version: '0', counts, registry, rules, sockets: new UdpSockets(), relay: undefined };
  const rows = [...adaptorMetrics(observed), ...upstreamMetrics(observed)]
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
