import { Counter, Gauge, Histogram } from 'prom-client';
import { expect, it } from 'vitest';
import { KnownFigures } from './known-figures.ts';

const nothing = Number.NaN;

it('leaves out unknown values, in text and JSON, until they are known', async () => {
  const registry = new KnownFigures();
  let latency = nothing;
  const registers = [registry];
  new Gauge({
    name: 'latency_seconds',
    help: 'As measured last.',
    registers,
    collect() {
      this.set(latency);
    },
  });
  const lag = new Gauge({ name: 'lag', help: 'By sink.', labelNames: ['sink'], registers });
  lag.set({ sink: 'a' }, nothing);
  lag.set({ sink: 'b' }, 0);
  new Counter({ name: 'lines_total', help: 'All.', registers });
  new Histogram({ name: 'wait', help: 'All.', buckets: [1], registers }).observe(2);

  const text = await registry.metrics();
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  expect(samples).toEqual([
    'lag{sink="b"} 0',
    'lines_total 0',
    'wait_bucket{le="1"} 0',
    'wait_bucket{le="+Inf"} 1',
    'wait_sum 2',
    'wait_count 1',
  ]);
  const [first] = await registry.getMetricsAsJSON();
  expect(first).toMatchObject({ name: 'latency_seconds', values: [] });

  latency = 0.25;
  expect(await registry.metrics()).toContain('\nlatency_seconds 0.25\n');
});
