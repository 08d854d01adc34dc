// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates of a mapping file look like this
import { describe, expect, it } from 'vitest';
import { faults, read, rule } from '../../testing/mappings.ts';
import type { PatternRule } from './mapper.ts';

const ruleOf = (fields: string): PatternRule => read(rule(fields)).rules[0] as PatternRule; // there is one

describe('mapping files that are accepted', () => {
  it.each([
    ['nothing', ''],
    ['blanks', '\n\n'],
    ['a comment', '# nothing\n'],
    ['null', 'null'],
    ['a tilde', '~'],
    ['an empty mapping', '{}'],
    ['a document mark', '---'],
    ['an end mark', '---\n...\n'],
    ['null for all', 'defaults:\nmappings:\n'],
    ['an empty list', 'mappings: []'],
    ['empty defaults', 'defaults: {}'],
    ['a byte order mark', '\ufeffmappings: []'],
    ['CRLF', 'defaults:\r\n  ttl: 5s\r\nmappings: []\r\n'],
    ['JSON', '{"mappings": [{"match": "a", "name": "b"}]}'],
    ['anything in a second document', 'mappings: []\n---\nnonsense: [1'],
    ['a wrong second document', 'mappings: []\n---\nmappings: 5'],
  ])('%s', (_, text) => {
    expect(faults(text)).toEqual([]);
  });

  it.each([
    ['honor_labels: true'],
    ['honor_labels: yes'],
    ['honor_labels: On'],
    ['honor_labels: n'],
    ['honor_labels:'],
    ['observer_type: histogram'],
    ['observer_type: summary'],
    ['observer_type: ""'],
    ['observer_type:'],
    ['match_type: glob'],
    ['match_type: regex'],
    ['match_type: ""'],
    ['match_type: ~'],
    ['action: map'],
    ['action: drop'],
    ['action: ""'],
    ['action:'],
    ['match_metric_type: counter'],
    ['match_metric_type: gauge'],
    ['match_metric_type: observer'],
    ['match_metric_type:'],
    ['help: "some help"'],
    ['help: 5'],
    ['help:'],
    ['help: |\n  two\n  lines'],
    ['ttl: 5s'],
    ['ttl: "5s"'],
    ['ttl: 0'],
    ['ttl: 5000000000'],
    ['ttl: 1h30m'],
    ['ttl:'],
    ['ttl: -5s'],
    ['scale: 5'],
    ['scale: 0.001'],
    ['scale: 0x10'],
    ['scale: 1_000'],
    ['scale: -1'],
    ['scale: 1e3'],
    ['scale: .inf'],
    ['scale:'],
    ['labels: {}'],
    ['labels:'],
    ['labels: { ab: c }'],
    ['labels: { ab: 5, cd: true, ef: 1.10, gh: }'],
    ['labels: { quantile: "0.5", le: "1" }'],
    ['labels: { _a: $1 }'],
    ['summary_options:'],
    ['summary_options: {}'],
    ['summary_options: { quantiles: [] }'],
    ['summary_options: { quantiles: [{ quantile: 0.5, error: 0.05 }] }'],
    ['summary_options: { quantiles: [{ quantile: 0, error: 0 }, { quantile: 1, error: 0 }] }'],
    ['summary_options: { quantiles: [{ quantile: 0.5 }] }'],
    ['summary_options: { max_age: 5m, age_buckets: 3, buf_cap: 100 }'],
    ['summary_options: { max_age: 0, age_buckets: 0, buf_cap: 0 }'],
    ['observer_type: summary\nsummary_options: { max_age: 5m }'],
    ['observer_type: histogram\nhistogram_options: { buckets: [1, 2] }'],
    ['histogram_options: { buckets: [0.1, 1, 10] }'],
    ['histogram_options: { buckets: [-1, 0, 1e3, .inf] }'],
    ['histogram_options: { buckets: [] }'],
    ['histogram_options: { native_histogram_bucket_factor: 1.1, native_histogram_max_buckets: 256 }'],
    ['summary_options: { max_age: 5m }\nhistogram_options: { buckets: [1] }'],
  ])('a rule with %j', (fields) => {
    expect(faults(rule(fields))).toEqual([]);
  });

  it.each([
    ...[
      'a',
      'a.b',
      '*',
      '*.*',
      'a.*.c',
      '_',
      '_a',
      'a-b',
      'a_b',
      'A9',
      'a.0',
      'a.9x',
      'a.0-',
      'a.b.c.d.e.f.g',
      'a--b',
      'a.*.*',
      'a*',
      'a.foo_*',
      'a-*.*.b*.c',
    ],
  ])('the glob %j', (glob) => {
    expect(faults(`mappings: [{ match: "${glob}", name: x }]`)).toEqual([]);
  });

  it.each([
    ...[
      '',
      'a',
      '^a\\.(.*)$',
      '(?i)abc',
      '(?P<name>a)',
      '(?<name>a)',
      '[[:alpha:]]+',
      '\\Qa.b\\E',
      'a{1000}',
      '\\z',
      '\\pL',
      'a|b',
      '(?U)a+',
      '(?s).',
      '.*?',
    ],
  ])('the regex %j', (regex) => {
    expect(faults(`mappings: [{ match: '${regex}', match_type: regex, name: x }]`)).toEqual([]);
  });

  it.each([
    ...['a', 'A_b9', '_', '$1', '${1}', 'a_$1', 'a_${1}_b', '$1$2', '$10', '$0', '${1', '$1}', 'a$1b'],
  ])('the name %j', (name) => {
    expect(faults(`mappings: [{ match: a, name: "${name}" }]`)).toEqual([]);
  });

  it('merges by <<, where explicit fields win', () => {
    const text = `
mappings:
- &base { match: a, name: one, ttl: 5s, help: base }
- <<: *base
  match: b
- <<: [{ name: two, ttl: 7s }, *base]
  match: c
  help: own`;
    expect(
      read(text).rules.map(({ pattern, name, ttlSeconds, help }) => [pattern, name, ttlSeconds, help]),
    ).toEqual([
      [{ glob: 'a' }, 'one', 5, 'base'],
      [{ glob: 'b' }, 'one', 5, 'base'],
      [{ glob: 'c' }, 'two', 7, 'own'],
    ]);
  });
});

describe('the settings of a rule', () => {
  it.each([
    ['labels: { ab: 1.10 }', { ab: '1.10' }],
    ['labels: { ab: 0x10 }', { ab: '0x10' }],
    ['labels: { ab: yes }', { ab: 'yes' }],
    ['labels: { ab: 2024-01-01 }', { ab: '2024-01-01' }],
    ['labels: { ab: null }', { ab: '' }],
    ['labels: { ab: "null" }', { ab: 'null' }],
    ['labels: { ab: }', { ab: '' }],
    ['labels: { ab: 1_000 }', { ab: '1_000' }],
    ['labels: { ab: "a\\nb" }', { ab: 'a\nb' }],
    ['labels: { ab: $1, yes: no }', { ab: '$1', yes: 'no' }],
  ])('%j keeps texts as they are written', (fields, labels) => {
    expect(Object.fromEntries(ruleOf(fields).labels)).toEqual(labels);
  });

  it.each([
    ['ttl: 90s', { ttlSeconds: 90 }],
    ['ttl: 5000000000', { ttlSeconds: 5 }],
    ['ttl: 0', { ttlSeconds: 0 }],
    ['scale: 0x10', { scale: 16 }],
    ['scale: 1_000', { scale: 1000 }],
    ['scale:', { scale: 1 }],
    ['action: drop', { action: 'drop' }],
    ['honor_labels: on', { honorLabels: true }],
    ['match_metric_type: gauge', { metricType: 'gauge' }],
    ['help: 1.10', { help: '1.10' }],
    ['help: ""', { help: 'Metric autogenerated by statsd_exporter.' }],
    ['histogram_options: { buckets: [1, .inf] }', { histogram: { buckets: [1] } }],
  ])('%j', (fields, expected) => {
    expect(ruleOf(fields)).toMatchObject(expected);
  });

  it('takes missing settings from the defaults', () => {
    const text = `
defaults:
  observer_type: histogram
  match_type: regex
  glob_disable_ordering: yes
  ttl: 5s
  summary_options: { quantiles: [{ quantile: 0.9, error: 0.1 }, { quantile: 0.5, error: 0.1 }], max_age: 1m }
  histogram_options: { buckets: [1] }
mappings:
- { match: a, name: b }
- { match: a, name: b, match_type: glob, observer_type: summary, ttl: 0, summary_options: { age_buckets: 2 } }`;
    const { rules, isOrdered } = read(text);
    expect(isOrdered).toBe(false);
    const quantiles = [
      { quantile: 0.5, error: 0.1 },
      { quantile: 0.9, error: 0.1 },
    ];
    expect(rules).toMatchObject([
      {
        observerType: 'histogram',
        ttlSeconds: 5,
        histogram: { buckets: [1] },
        pattern: { regex: expect.anything() },
      },
      {
        observerType: 'summary',
        ttlSeconds: 0,
        summary: { quantiles, maxAgeMs: 60_000, ageBuckets: 2, bufferSize: 500 },
        pattern: { glob: 'a' },
      },
    ]);
  });
});
