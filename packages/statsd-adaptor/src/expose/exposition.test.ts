import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TestAdaptor } from '../../testing/adaptor.ts';
import { expositionFaults } from '../../testing/exposition-faults.ts';
import { exposition } from './exposition.ts';

const golden = (name: string) => join(import.meta.dirname, '../../test/golden', name);

const mapping = `
mappings:
- match: "web.*.duration"
  name: web_request_duration_seconds
  labels: { route: $1 }
  help: "Time to answer;\\nwith a line feed and a \\\\."
  observer_type: histogram
  histogram_options: { buckets: [0.005, 0.25, 1, 2.5e6] }
- match: "job.*"
  name: job_seconds
  labels: { job: $1 }
  summary_options: { quantiles: [{ quantile: 0.99, error: 0.01 }, { quantile: 0.5, error: 0.05 }] }
`;

const lines = [
  'plain.counter:1|c',
  'plain.counter:1234567|c',
  'tagged.counter:1|c|#zone:b,app:"web"\\x',
  'tagged.counter:2.5|c|#app:other',
  'tagged.counter:3|c',
  'temperature:-12.5|g',
  'temperature:+0.5|g',
  'visitors:ann|s',
  'visitors:bob|s',
  'visitors:ann|s',
  'web.home.duration:200|ms',
  'web.home.duration:4|ms|@0.1',
  'web.search.duration:9000000000000|ms',
  'job.mail:10:20:30:40|h',
  'timer:320|ms|#a:b',
  'Upper.Case:1|c',
  'tiny:0.00001|g',
  'not.a.number:nan|g',
];

describe('exposition', () => {
  it('equals that of upstream', async () => {
    const adaptor = new TestAdaptor({ mapping }).send(...lines);
    await expect(adaptor.text()).toMatchFileSnapshot(golden('series.txt'));
    expect(expositionFaults(adaptor.text())).toEqual([]);
  });

  it('leaves out metrics without series', () => {
    const adaptor = new TestAdaptor({ mapping: 'defaults: { ttl: 1s }' }).send('a:1|c');
    expect(adaptor.pass(5000).text()).toBe('');
  });

  it('shows NaN for the quantiles of a summary without samples within max_age', () => {
    const adaptor = new TestAdaptor().send('a:1000|ms').pass(601_000);
    expect(adaptor.samples()).toEqual([
      'a{quantile="0.5"} NaN',
      'a{quantile="0.9"} NaN',
      'a{quantile="0.99"} NaN',
      'a_sum 1',
      'a_count 1',
    ]);
  });

  it('sorts metrics of all kinds by name', () => {
    const adaptor = new TestAdaptor().send('b:1|c', 'd:1|g', 'B:1|c', 'b1:1|c', 'b_:1|c');
    const plain = ['c', 'a'].map((name) => ({
      name,
      type: 'gauge',
      help: '',
      samples: [{ name, labels: {}, value: 1 }],
    }));
    const text = [...exposition(adaptor.registry, plain, () => 0)].join('');
    const names = text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.split(' ')[0]);
    expect(names).toEqual(['B', 'a', 'b', 'b1', 'b_', 'c', 'd']);
  });

  it('stays sorted when metrics are added later', () => {
    const adaptor = new TestAdaptor();
    const names = ['m', 'z', 'b', 'a', 'n', 'c', 'm2', 'aa'];
    for (const [at, name] of names.entries()) {
      const sorted = names.slice(0, at + 1).sort();
      expect(adaptor.send(`${name}:1|c`).samples()).toEqual(sorted.map((each) => `${each} 1`));
    }
  });

  it('comes in pieces, between which series may be added and removed', () => {
    const adaptor = new TestAdaptor({ mapping: 'defaults: { ttl: 10s }' });
    for (let at = 0; at < 5000; at++) adaptor.send(`m:1|c|#n:${at}`);
    const pieces: string[] = [];
    for (const piece of exposition(adaptor.registry, [], () => adaptor.nowMs)) {
      pieces.push(piece);
      if (pieces.length === 2)
        adaptor.pass(20_000).send(...Array.from({ length: 5000 }, (_, at) => `m:1|c|#n:${at}`));
    }
    expect(pieces.length).toBeGreaterThan(2);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(33 << 10);
    expect(expositionFaults(pieces.join(''))).toEqual([]);
  });

  it('also yields after two milliseconds', () => {
    const adaptor = new TestAdaptor();
    for (let at = 0; at < 10; at++) adaptor.send(`m:1|c|#n:${at}`);
    let nowMs = 0;
    const pieces = [...exposition(adaptor.registry, [], () => nowMs++)];
    expect(pieces.length).toBeGreaterThan(2);
  });
});
