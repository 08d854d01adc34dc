import { describe, expect, it } from 'vitest';
import { allDialects } from '../testing/adaptor.ts';
import { read } from '../testing/mappings.ts';
import { explain } from './explain.ts';

const mapping = read(`mappings:
- match: web.*.time
  name: web_seconds
  labels: { route: $1 }
  observer_type: histogram
  histogram_options: { buckets: [1] }
- match: web.*.*
  name: web
- match: noise.*
  name: noise
  action: drop
- match: level.*
  name: level
  match_metric_type: gauge
- match: odd.*
  name: odd
  exclude: [odd.x]
- match: web.(.+)
  match_type: regex
  name: other
`);

/** The rows below the line itself, `TITLE VALUE` with one space. */
function rows(line: string): string[] {
  const text = explain(line, { dialects: allDialects, mapping, reserved: ['own_total'] });
  return text
    .split('\n')
    .slice(1, -1)
    .map((row) => row.trim().replace(/ +/, ' '));
}

const plain = 'dialect StatsD, without tags';
const unmapped = 'rule none, so the name is only escaped';

describe('explain', () => {
  it.each([
    ['a.b:2|c|@0.5', [plain, 'name a.b', 'sample counter 2, divided by 0.5', unmapped, 'series a_b 4']],
    [
      'a:1|g|#x:y',
      ['dialect DogStatsD', 'name a', 'tags x="y"', 'sample gauge 1', unmapped, 'series a{x="y"} 1'],
    ],
    [
      'a,x=y:1|g',
      ['dialect InfluxDB', 'name a', 'tags x="y"', 'sample gauge 1', unmapped, 'series a{x="y"} 1'],
    ],
    [
      'a#x=y:1|g',
      ['dialect Librato', 'name a', 'tags x="y"', 'sample gauge 1', unmapped, 'series a{x="y"} 1'],
    ],
    [
      'a[x=y],z=z:1|g',
      ['dialect SignalFX', 'name a,z=z', 'tags x="y"', 'sample gauge 1', unmapped, 'series a_z_z{x="y"} 1'],
    ],
    [
      'web.home.time:500|ms|@0.1',
      [
        plain,
        'name web.home.time',
        'sample observer 500, divided by 1000, counted 10 times',
        'rule line 2: web.*.time (glob)',
        'not line 7: web.*.* (glob), which comes later in the file',
        'not line 18: web.(.+) (regex), which comes after all globs and earlier regexes',
        'series web_seconds_bucket{route="home",le="1"} 10',
        'series web_seconds_bucket{route="home",le="+Inf"} 10',
        'series web_seconds_sum{route="home"} 5',
        'series web_seconds_count{route="home"} 10',
      ],
    ],
    [
      'noise.x:1|c',
      [plain, 'name noise.x', 'sample counter 1', 'rule line 9: noise.* (glob), which drops it'],
    ],
    [
      'level.x:1|c',
      [
        plain,
        'name level.x',
        'sample counter 1',
        unmapped,
        'not line 12: level.* (glob), which is for type gauge only',
        'series level_x 1',
      ],
    ],
    [
      'odd.x:1|g',
      [
        plain,
        'name odd.x',
        'sample gauge 1',
        unmapped,
        'not line 15: odd.* (glob), which excludes this name',
        'series odd_x 1',
      ],
    ],
    [
      'own_total:1|c',
      [plain, 'name own_total', 'sample counter 1', unmapped, expect.stringMatching(/^fault conflict: /)],
    ],
    ['a:1:2|c', [plain, 'name a', 'sample counter 1, 2', unmapped, 'series a 3']],
    [
      'a::b:1|c',
      [expect.stringMatching(/^fault invalid_extended_aggregate_type: .* the name may contain a colon/)],
    ],
    [
      'a:x|c',
      [plain, 'name a', 'sample counter x', unmapped, 'fault malformed_value: the value is not a number'],
    ],
    [
      'a:1|c|#:y',
      [
        plain,
        'name a',
        'sample counter 1',
        unmapped,
        'series a 1',
        expect.stringMatching(/^fault bad_tag: .*the sample is kept without it/),
      ],
    ],
    ['nope', ['fault malformed_line: not name:value|type, or not UTF-8']],
    ['', ['form an empty line: ignored']],
    ['_e{1,1}:a|b', ['form a DogStatsD event: counted and discarded']],
    ['_sc|a|0', ['form a DogStatsD service check: counted and discarded']],
    ['a:1|h|@5', [plain, 'name a', 'sample observer 1, ignored because of its sampling rate', unmapped]],
  ])('explains %j', (line, expected) => {
    expect(rows(line)).toEqual(expected);
  });

  it('explains each line of a datagram, and prints no terminal control characters', () => {
    const text = explain('a:1|c\n\x1b[2J:1|g', { dialects: allDialects, mapping, reserved: [] });
    expect(text).toContain('  series   a 1\n\\u001b[2J:1|g\n');
    expect(text).not.toContain('\x1b');
  });
});
