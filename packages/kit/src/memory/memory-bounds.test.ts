import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { MemoryBounds } from './memory-bounds.ts';

const mib = 2 ** 20;

function start() {
  const said: unknown[][] = [];
  const say = (...line: unknown[]) => said.push(line);
  const metrics = new Registry();
  // the only methods of a logger used here
  const log = { info: say, warn: say } as unknown as ConstructorParameters<typeof MemoryBounds>[0]['log'];
  const bounds = new MemoryBounds({ name: 'a-service', log, metrics, limitBytes: 160 * mib });
  return { bounds, metrics, said };
}

it('logs the effective bound and exports it as a metric', async () => {
  const { bounds, metrics, said } = start();
  expect(bounds.settle('max-memory', { asked: undefined, share: 0.5, otherwise: 1 })).toBe(80 * mib);
  expect(said).toEqual([
    ['limit of --max-memory', { value: 80 * mib, from: 'container', containerBytes: 160 * mib }],
  ]);
  expect(await metrics.metrics()).toContain(`a_service_limit{option="max-memory"} ${80 * mib}`);
});

it('warns if an option exceeds the limit of the container, with both values, and applies the option', () => {
  const { bounds, said } = start();
  expect(bounds.settle('max-memory', { asked: 512 * mib, share: 0.5, otherwise: 1 })).toBe(512 * mib);
  expect(said).toEqual([
    ['--max-memory exceeds the memory of the container', { value: 512 * mib, containerBytes: 160 * mib }],
  ]);
});
