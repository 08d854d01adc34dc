import { describe, expect, it } from 'vitest';
import { TestAdaptor } from '../../testing/adaptor.ts';

/** Lines, and the samples of the exposition that they make. */
type Row = readonly [lines: string, samples: readonly string[]];

function check(rows: readonly Row[], mapping = ''): void {
  it.each(rows)('%s', (lines, samples) => {
    expect(new TestAdaptor({ mapping }).send(...lines.split(' ')).samples()).toEqual(samples);
  });
}

describe('counters', () => {
  check([
    ['x:1|c', ['x 1']],
    ['x:1|c x:1|c x:1|c', ['x 3']],
    ['x:0|c', ['x 0']],
    ['x:0.1|c x:0.2|c', ['x 0.30000000000000004']],
    ['x:5|c x:-1|c', ['x 5']],
    ['x:-1|c', []],
    ['x:-0|c', ['x 0']],
    ['x:nan|c x:2|c', ['x 2']],
    ['x:inf|c x:2|c', ['x 2']],
    ['x:9007199254740993|c', ['x 9.007199254740992e+15']],
    ['x:1e308|c x:1e308|c', ['x +Inf']],
    ['x:1|c|@0.1 x:1|c', ['x 11']],
    ['x:3|c|@0.3', ['x 10']],
    ['x:1|c|@0.001 x:1|c|@0.001', ['x 2000']],
    ['x:999999|c x:1|c', ['x 1e+06']],
    ['x:1|c|#a:1 x:1|c|#a:2 x:1|c|#a:1', ['x{a="1"} 2', 'x{a="2"} 1']],
    ['x:1|c|#a:1,b:2 x:1|c|#b:2,a:1', ['x{a="1",b="2"} 2']],
    ['x:1|c x:1|c|#a:1', ['x 1', 'x{a="1"} 1']],
    ['x,a=1:1|c x#a=1:1|c x[a=1]:1|c x:1|c|#a:1', ['x{a="1"} 4']],
    ['x.y:1|c x-y:1|c x_y:1|c x--y:1|c', ['x_y 4']],
    ['x.-y:1|c', ['x__y 1']],
  ]);
});

describe('gauges', () => {
  check([
    ['x:1|g', ['x 1']],
    ['x:1|g x:5|g', ['x 5']],
    ['x:1|g x:+5|g', ['x 6']],
    ['x:1|g x:-5|g', ['x -4']],
    ['x:-5|g', ['x -5']],
    ['x:+5|g', ['x 5']],
    ['x:1|g x:+0|g', ['x 1']],
    ['x:1|g x:-0|g', ['x 1']],
    ['x:0|g', ['x 0']],
    ['x:-0|g', ['x 0']],
    ['x:5|g x:0|g x:-5|g', ['x -5']],
    ['x:1e3|g', ['x 1000']],
    ['x:+1e3|g x:+1e3|g', ['x 2000']],
    ['x:-.5|g', ['x -0.5']],
    ['x:nan|g', ['x NaN']],
    ['x:nan|g x:+1|g', ['x NaN']],
    ['x:nan|g x:1|g', ['x 1']],
    ['x:inf|g', ['x +Inf']],
    ['x:-inf|g', ['x -Inf']],
    ['x:+inf|g x:-inf|g', ['x NaN']],
    ['x:5|g|@0.1', ['x 5']],
    ['x:+5|g|@0.1 x:+5|g|@0.1', ['x 10']],
    ['x:0.00001|g', ['x 1e-05']],
    ['x:1|g|#a:1 x:+1|g|#a:2', ['x{a="1"} 1', 'x{a="2"} 1']],
    ['x:1:2:3|g', ['x 3']],
    ['x:1:+2:-4|g', ['x -1']],
  ]);
});

describe('sets', () => {
  check([
    ['x:a|s', ['x 1']],
    ['x:a|s x:a|s', ['x 1']],
    ['x:a|s x:b|s x:A|s', ['x 3']],
    ['x:1|s x:01|s x:1.0|s', ['x 3']],
    ['x:a:b|s x:a|s x:b|s', ['x 3']],
    ['x:a|s|#t:1 x:a|s|#t:2 x:b|s|#t:2', ['x{t="1"} 1', 'x{t="2"} 2']],
    ['x:|s', []],
    ['x:ä|s x:a|s', ['x 2']],
  ]);
});

describe('summaries', () => {
  const quantiles = (median: string, p90: string, p99: string) => [
    `x{quantile="0.5"} ${median}`,
    `x{quantile="0.9"} ${p90}`,
    `x{quantile="0.99"} ${p99}`,
  ];
  const values = (count: number) => Array.from({ length: count }, (_, at) => `x:${at + 1}|h`).join(' ');

  check([
    ['x:320|ms', [...quantiles('0.32', '0.32', '0.32'), 'x_sum 0.32', 'x_count 1']],
    ['x:320|h', [...quantiles('320', '320', '320'), 'x_sum 320', 'x_count 1']],
    ['x:320|d', [...quantiles('320', '320', '320'), 'x_sum 320', 'x_count 1']],
    ['x:1|h x:1000|ms', [...quantiles('1', '1', '1'), 'x_sum 2', 'x_count 2']],
    ['x:1|h x:2|h', [...quantiles('1', '2', '2'), 'x_sum 3', 'x_count 2']],
    ['x:2|h x:1|h x:3|h', [...quantiles('2', '3', '3'), 'x_sum 6', 'x_count 3']],
    ['x:-1|h x:0|h x:1|h', [...quantiles('0', '1', '1'), 'x_sum 0', 'x_count 3']],
    [values(10), [...quantiles('5', '9', '10'), 'x_sum 55', 'x_count 10']],
    [values(100), [...quantiles('50', '90', '99'), 'x_sum 5050', 'x_count 100']],
    [values(101), [...quantiles('51', '91', '100'), 'x_sum 5151', 'x_count 101']],
    [values(500), [...quantiles('250', '450', '495'), 'x_sum 125250', 'x_count 500']],
    ['x:1|h|@0.1 x:5|h', [...quantiles('1', '1', '5'), 'x_sum 15', 'x_count 11']],
    ['x:1|h|@0.1 x:5|h|@0.1', [...quantiles('1', '5', '5'), 'x_sum 60', 'x_count 20']],
    ['x:1|h x:nan|h x:inf|h', [...quantiles('1', '1', '1'), 'x_sum 1', 'x_count 1']],
    ['x:1:2:3|h', [...quantiles('2', '3', '3'), 'x_sum 6', 'x_count 3']],
    ['x:5|h|@2', []],
  ]);
});

describe('histograms', () => {
  const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
  const mapping = 'defaults: { observer_type: histogram }';
  /** The value as it is sent, and the first bucket that counts it. */
  const rows = bounds.flatMap((bound, at) => [
    [`${bound}`, at] as const,
    [`${bound * 0.999}`, at] as const,
    [`${bound * 1.001}`, at + 1] as const,
    [`-${bound}`, 0] as const,
  ]);

  it.each([...rows, ['0', 0], ['-1e9', 0], ['10.0001', 11], ['1e9', 11]] as const)(
    'count %s from bucket %d on',
    (value, first) => {
      const samples = new TestAdaptor({ mapping }).send(`x:${value}|h`).samples();
      const counts = samples.slice(0, 12).map((line) => Number(line.split(' ')[1]));
      expect(counts).toEqual(Array.from({ length: 12 }, (_, bucket) => (bucket >= first ? 1 : 0)));
      expect(samples.at(-1)).toBe('x_count 1');
    },
  );

  check(
    [
      [
        'x:1500|ms',
        ['x_bucket{le="1"} 0', 'x_bucket{le="2"} 1', 'x_bucket{le="+Inf"} 1', 'x_sum 1.5', 'x_count 1'],
      ],
      [
        'x:1|h x:2|h x:3|h',
        ['x_bucket{le="1"} 1', 'x_bucket{le="2"} 2', 'x_bucket{le="+Inf"} 3', 'x_sum 6', 'x_count 3'],
      ],
      [
        'x:1:2:3|d',
        ['x_bucket{le="1"} 1', 'x_bucket{le="2"} 2', 'x_bucket{le="+Inf"} 3', 'x_sum 6', 'x_count 3'],
      ],
      [
        'x:2|h|@0.01',
        ['x_bucket{le="1"} 0', 'x_bucket{le="2"} 100', 'x_bucket{le="+Inf"} 100', 'x_sum 200', 'x_count 100'],
      ],
      [
        'x:9|h|@1e-7',
        [
          'x_bucket{le="1"} 0',
          'x_bucket{le="2"} 0',
          'x_bucket{le="+Inf"} 1e+07',
          'x_sum 9e+07',
          'x_count 1e+07',
        ],
      ],
      [
        'x:1|h|#a:b',
        [
          'x_bucket{a="b",le="1"} 1',
          'x_bucket{a="b",le="2"} 1',
          'x_bucket{a="b",le="+Inf"} 1',
          'x_sum{a="b"} 1',
          'x_count{a="b"} 1',
        ],
      ],
      [
        'x:1|h|#zone:b',
        [
          'x_bucket{zone="b",le="1"} 1',
          'x_bucket{zone="b",le="2"} 1',
          'x_bucket{zone="b",le="+Inf"} 1',
          'x_sum{zone="b"} 1',
          'x_count{zone="b"} 1',
        ],
      ],
      ['x:nan|h x:inf|h x:-inf|h', []],
    ],
    'defaults: { observer_type: histogram, histogram_options: { buckets: [1, 2] } }',
  );
});
