import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { installed, needs } from '@pod-patterns/kit/testing/needs';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { prometheus, RunningPrometheus } from '../testing/prometheus.ts';
import { RunningAdaptor } from '../testing/running.ts';

const promtool = installed('promtool');

const lines = [
  'page_views_total:3|c|#page:home',
  'page_views_total:1|c|#page:"a\\b"',
  'in_flight:-2.5|g',
  'answer_seconds:320|ms',
  'visitors:ann|s',
];

describe('a real Prometheus', needs(prometheus), () => {
  it('scrapes every sample', async () => {
    using dir = tempDir();
    writeFileSync(
      dir.file('m.yml'),
      'mappings: [{ match: "web.*", name: web_seconds, observer_type: histogram, labels: { route: $1 } }]',
    );
    await using adaptor = await RunningAdaptor.start([`--statsd.mapping-config=${dir.file('m.yml')}`]);
    await adaptor.send(...lines, 'web.home:40|ms|@0.1');
    await using server = await RunningPrometheus.start(dir, new URL(adaptor.url).host);
    const { query } = server;
    const values = async () => ({
      views: await query('sum(page_views_total)'),
      odd: await query('page_views_total{page="\\"a\\\\b\\""}'),
      gauge: await query('in_flight'),
      quantile: await query('answer_seconds{quantile="0.99"}'),
      set: await query('visitors'),
      histogram: await query('web_seconds_bucket{route="home",le="0.05"}'),
      type: await query('count({__name__=~"statsd_exporter_.+"}) > 15'),
    });
    await expect.poll(async () => (await values()).views, { timeout: 20_000 }).toEqual(['4']);
    expect(await values()).toMatchObject({
      odd: ['1'],
      gauge: ['-2.5'],
      quantile: ['0.32'],
      set: ['1'],
      histogram: ['10'],
    });
    expect(server.scrapeFaults()).toEqual([]);
  });
});

describe('a real Prometheus that asks for native histograms', needs(prometheus), () => {
  it('answers histogram_quantile from them, and still has every other series', async () => {
    using dir = tempDir();
    writeFileSync(
      dir.file('m.yml'),
      'defaults: { observer_type: histogram, histogram_options: { buckets: [1e6], native_histogram_bucket_factor: 1.02 } }',
    );
    await using adaptor = await RunningAdaptor.start([`--statsd.mapping-config=${dir.file('m.yml')}`]);
    await using server = await RunningPrometheus.start(dir, new URL(adaptor.url).host, [
      '--enable-feature=native-histograms',
    ]);
    // 1 to 1000, and as much below 0
    const values = Array.from({ length: 1000 }, (_, at) => at + 1);
    await adaptor.send(...lines);
    const observed = values.map((value) => `drift:-${value}|h\nsize:${value}|h|#route:home\n`);
    await adaptor.sendStream(observed.join(''));
    await expect.poll(() => server.query('histogram_count(size)'), { timeout: 20_000 }).toEqual(['1000']);
    const asked = async (expression: string) => Number((await server.query(expression))[0]);
    expect(await asked('histogram_quantile(0.5, size)')).toBeCloseTo(500, -1);
    expect(await asked('histogram_quantile(0.99, size{route="home"})')).toBeCloseTo(990, -1);
    expect(await asked('histogram_quantile(0.1, drift)')).toBeCloseTo(-900, -1);
    expect(await asked('histogram_sum(size)')).toBe(500_500);
    expect(await asked('histogram_fraction(0, 250, size)')).toBeCloseTo(0.25, 2);
    expect(await server.query('page_views_total{page="\\"a\\\\b\\""}')).toEqual(['1']);
    expect(await server.query('in_flight')).toEqual(['-2.5']);
    expect(await server.query('visitors')).toEqual(['1']);
    expect(await server.query('count({__name__=~"statsd_exporter_.+"}) > 15')).toHaveLength(1);
    expect(await server.query('nodejs_gc_duration_seconds_count > 0')).not.toEqual([]);
    expect(server.scrapeFaults()).toEqual([]);
  });
});

describe('promtool check metrics', needs(promtool), () => {
  it('complains only about one name, which is upstream’s', async () => {
    await using adaptor = await RunningAdaptor.start();
    await adaptor.send(...lines, 'nope', 'answer_seconds:1|g');
    await adaptor.waitFor('in_flight', -2.5);
    const check = spawn(promtool.path, ['check', 'metrics'], { stdio: ['pipe', 'pipe', 'pipe'] });
    const output: string[] = [];
    for (const stream of [check.stdout, check.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => output.push(text));
    check.stdin.end(await adaptor.scrape());
    await once(check, 'close');
    const findings = output
      .join('')
      .split('\n')
      .filter((line) => line !== '');
    expect(findings).toEqual([
      'statsd_exporter_metrics_total non-counter metrics should not have "_total" suffix',
    ]);
  });
});
