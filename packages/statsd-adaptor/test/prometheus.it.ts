import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { eventually } from '@pod-patterns/kit/testing/eventually';
import { freePort } from '@pod-patterns/kit/testing/free-port';
import { installed, needs } from '@pod-patterns/kit/testing/needs';
import { RunningProgram } from '@pod-patterns/kit/testing/program';
import { tempDir } from '@pod-patterns/kit/testing/temp-dir';
import { describe, expect, it } from 'vitest';
import { RunningAdaptor } from '../testing/running.ts';

const prometheus = installed('prometheus');
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
    const port = await freePort();
    const target = new URL(adaptor.url).host;
    writeFileSync(
      dir.file('prometheus.yml'),
      `global: { scrape_interval: 200ms }\nscrape_configs: [{ job_name: adaptor, static_configs: [{ targets: ["${target}"] }] }]`,
    );
    const flags = [
      `--config.file=${dir.file('prometheus.yml')}`,
      `--storage.tsdb.path=${dir.path}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ];
    await using server = new RunningProgram(prometheus.path, flags);
    const query = async (expression: string): Promise<string[]> => {
      const response = await fetch(
        `http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(expression)}`,
      );
      const { data } = (await response.json()) as { data: { result: Array<{ value: [number, string] }> } }; // Prometheus' form
      return data.result.map(({ value }) => value[1]);
    };
    await eventually(async () => (await query('up{job="adaptor"}'))[0] === '1', { timeoutMs: 30_000 });
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
    expect(server.stderr.filter((line) => /level=(?:warn|error).*scrape/i.test(line))).toEqual([]);
  });
});

describe('promtool check metrics', needs(promtool), () => {
  it('finds nothing wrong but the one name that upstream gave', async () => {
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
