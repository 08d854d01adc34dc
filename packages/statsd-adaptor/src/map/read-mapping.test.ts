// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates of a mapping file look like this
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Mapping, PatternRule } from './mapper.ts';
import { readMapping } from './read-mapping.ts';

function read(text: string): Mapping {
  const result = readMapping(text);
  if (!result.ok)
    throw new Error(result.faults.map(({ line, message }) => `line ${line}: ${message}`).join('\n'));
  return result.mapping;
}

function faults(text: string): string[] {
  const result = readMapping(text);
  return result.ok ? [] : result.faults.map(({ line, message }) => `line ${line}: ${message}`);
}

/** One rule with these further fields. */
const rule = (fields: string) => `mappings:\n- match: a.*\n  name: b\n${fields.replace(/^/gm, '  ')}\n`;
const ruleOf = (fields: string): PatternRule => read(rule(fields)).rules[0] as PatternRule; // there is one

describe('files that are taken', () => {
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

  it('merges by <<, where what is written wins', () => {
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

describe('files that are refused', () => {
  it.each([
    ['mappings: 5', 'line 1: mappings: expected a list'],
    ['mappings: {}', 'line 1: mappings: expected a list'],
    ['mappings: [5]', 'line 1: mappings[0]: expected a mapping'],
    ['- a', 'line 1: expected a mapping'],
    ['text', 'line 1: expected a mapping'],
    ['5', 'line 1: expected a mapping'],
    ['defaults: []', 'line 1: defaults: expected a mapping'],
    ['nope: 1', 'line 1: unknown field "nope"'],
    ['mapping: []', 'line 1: unknown field "mapping" (did you mean mappings?)'],
    ['defaults: { tll: 5s }', 'line 1: defaults: unknown field "tll" (did you mean ttl?)'],
    ['defaults: { timer_type: histogram }', 'line 1: defaults: unknown field "timer_type"'],
    ['defaults: { buckets: [1] }', 'line 1: defaults: unknown field "buckets"'],
    ['defaults: { quantiles: [] }', 'line 1: defaults: unknown field "quantiles"'],
    ['defaults: { ttl: 5 s }', 'line 1: defaults.ttl: expected a duration such as 30s or 1h30m, got "5 s"'],
    ['defaults: { ttl: "60" }', 'line 1: defaults.ttl: expected a duration such as 30s or 1h30m, got "60"'],
    ['defaults: { ttl: 1d }', 'line 1: defaults.ttl: expected a duration such as 30s or 1h30m, got "1d"'],
    ['defaults: { ttl: true }', 'line 1: defaults.ttl: expected a duration such as 30s or 1h30m, got "true"'],
    [
      'defaults: { observer_type: timer }',
      'line 1: defaults.observer_type: expected one of summary, histogram, got "timer"',
    ],
    [
      'defaults: { observer_type: Histogram }',
      'line 1: defaults.observer_type: expected one of summary, histogram, got "Histogram"',
    ],
    [
      'defaults: { match_type: globs }',
      'line 1: defaults.match_type: expected one of glob, regex, got "globs"',
    ],
    [
      'defaults: { glob_disable_ordering: 1 }',
      'line 1: defaults.glob_disable_ordering: expected true or false, got "1"',
    ],
    [
      'defaults: { glob_disable_ordering: "true" }',
      'line 1: defaults.glob_disable_ordering: expected true or false, got "true"',
    ],
    [
      'defaults: { histogram_options: { buckets: [2, 1] } }',
      'line 1: defaults.histogram_options.buckets[1]: expected bounds in rising order',
    ],
    ['defaults: { ttl: 5s, ttl: 6s }', 'line 1: Map keys must be unique'],
    ['mappings: []\nmappings: []', 'line 2: Map keys must be unique'],
  ])('%j', (text, fault) => {
    expect(faults(text)).toEqual([fault]);
  });

  it.each([
    ['mappings:\n\t- a', 'line 2'],
    ['mappings: [', 'line 1'],
    ['mappings: *nope', 'line 1'],
    ['a: b: c', 'line 1'],
    ['"mappings', 'line 1'],
  ])('%j, which is no YAML', (text, line) => {
    expect(faults(text)[0]).toContain(`${line}: `);
  });

  it.each([
    ['timer_type: histogram', 'line 4: mappings[0]: unknown field "timer_type"'],
    ['quantiles: []', 'line 4: mappings[0]: unknown field "quantiles"'],
    ['buckets: [1]', 'line 4: mappings[0]: unknown field "buckets"'],
    ['max_summary_age: 5s', 'line 4: mappings[0]: unknown field "max_summary_age"'],
    ['lables: {}', 'line 4: mappings[0]: unknown field "lables" (did you mean labels?)'],
    [
      'observer_type: timer',
      'line 4: mappings[0].observer_type: expected one of summary, histogram, got "timer"',
    ],
    ['match_type: globb', 'line 4: mappings[0].match_type: expected one of glob, regex, got "globb"'],
    ['action: keep', 'line 4: mappings[0].action: expected one of map, drop, got "keep"'],
    [
      'match_metric_type: timer',
      'line 4: mappings[0].match_metric_type: expected one of counter, gauge, observer, got "timer"',
    ],
    [
      'match_metric_type: ""',
      'line 4: mappings[0].match_metric_type: expected one of counter, gauge, observer, got ""',
    ],
    ['honor_labels: "yes"', 'line 4: mappings[0].honor_labels: expected true or false, got "yes"'],
    ['honor_labels: 1', 'line 4: mappings[0].honor_labels: expected true or false, got "1"'],
    ['honor_labels: maybe', 'line 4: mappings[0].honor_labels: expected true or false, got "maybe"'],
    ['scale: "5"', 'line 4: mappings[0].scale: expected a number, got "5"'],
    ['scale: five', 'line 4: mappings[0].scale: expected a number, got "five"'],
    ['scale: true', 'line 4: mappings[0].scale: expected a number, got "true"'],
    ['scale: []', 'line 4: mappings[0].scale: expected a number'],
    ['help: []', 'line 4: mappings[0].help: expected text'],
    ['help: {}', 'line 4: mappings[0].help: expected text'],
    ['ttl: 1d', 'line 4: mappings[0].ttl: expected a duration such as 30s or 1h30m, got "1d"'],
    ['ttl: soon', 'line 4: mappings[0].ttl: expected a duration such as 30s or 1h30m, got "soon"'],
    ['labels: []', 'line 4: mappings[0].labels: expected a mapping'],
    ['labels: a', 'line 4: mappings[0].labels: expected a mapping'],
    [
      'labels: { a: b }',
      'line 4: mappings[0].labels.a: invalid label key "a": expected two or more letters, digits and _',
    ],
    [
      'labels: { 1a: b }',
      'line 4: mappings[0].labels.1a: invalid label key "1a": expected two or more letters, digits and _',
    ],
    [
      'labels: { a-b: c }',
      'line 4: mappings[0].labels.a-b: invalid label key "a-b": expected two or more letters, digits and _',
    ],
    [
      'labels:\n  ok: x\n  a.b: c',
      'line 6: mappings[0].labels.a.b: invalid label key "a.b": expected two or more letters, digits and _',
    ],
    [
      'labels: { "": c }',
      'line 4: mappings[0].labels.: invalid label key "": expected two or more letters, digits and _',
    ],
    [
      'labels: { __name__: c }',
      'line 4: mappings[0].labels.__name__: invalid label key "__name__": Prometheus keeps __ for itself',
    ],
    ['labels: { ab: [c] }', 'line 4: mappings[0].labels.ab: expected text'],
    ['labels: { ab: c, ab: d }', 'line 4: Map keys must be unique'],
    ['summary_options: 5', 'line 4: mappings[0].summary_options: expected a mapping'],
    [
      'summary_options: { max_age: -5m }',
      'line 4: mappings[0].summary_options.max_age: expected a duration of more than 0',
    ],
    [
      'summary_options: { age_buckets: -1 }',
      'line 4: mappings[0].summary_options.age_buckets: expected a whole number from 0, got "-1"',
    ],
    [
      'summary_options: { age_buckets: 1.5 }',
      'line 4: mappings[0].summary_options.age_buckets: expected a whole number from 0, got "1.5"',
    ],
    [
      'summary_options: { buf_cap: 5000000000 }',
      'line 4: mappings[0].summary_options.buf_cap: expected a whole number from 0, got "5000000000"',
    ],
    [
      'summary_options: { quantiles: [0.5] }',
      'line 4: mappings[0].summary_options.quantiles[0]: expected a mapping',
    ],
    [
      'summary_options: { quantiles: [{ quantile: 1.5, error: 0 }] }',
      'line 4: mappings[0].summary_options.quantiles[0].quantile: expected a number from 0 to 1',
    ],
    [
      'summary_options: { quantiles: [{ quantile: .nan }] }',
      'line 4: mappings[0].summary_options.quantiles[0].quantile: expected a number from 0 to 1',
    ],
    [
      'summary_options: { quantiles: [{ quantile: 0.5, error: -1 }] }',
      'line 4: mappings[0].summary_options.quantiles[0].error: expected a number from 0 to 1',
    ],
    [
      'summary_options: { quantile: [] }',
      'line 4: mappings[0].summary_options: unknown field "quantile" (did you mean quantiles?)',
    ],
    ['histogram_options: { buckets: 5 }', 'line 4: mappings[0].histogram_options.buckets: expected a list'],
    [
      'histogram_options: { buckets: [1, 1] }',
      'line 4: mappings[0].histogram_options.buckets[1]: expected bounds in rising order',
    ],
    [
      'histogram_options:\n  buckets:\n  - 1\n  - 3\n  - 2',
      'line 8: mappings[0].histogram_options.buckets[2]: expected bounds in rising order',
    ],
    [
      'histogram_options: { buckets: [.nan] }',
      'line 4: mappings[0].histogram_options.buckets[0]: expected bounds in rising order',
    ],
    [
      'observer_type: histogram\nsummary_options: {}',
      'line 5: mappings[0].summary_options: cannot be used with observer_type histogram',
    ],
    [
      'observer_type: summary\nhistogram_options: {}',
      'line 5: mappings[0].histogram_options: cannot be used with observer_type summary',
    ],
    [
      'observer_type: ""\nhistogram_options: {}',
      'line 5: mappings[0].histogram_options: cannot be used with observer_type summary',
    ],
    ['name: c', 'line 4: Map keys must be unique'],
  ])('a rule with %j', (fields, fault) => {
    expect(faults(rule(fields))).toEqual([fault]);
  });

  it('options of the kind that the defaults do not have', () => {
    const text =
      'defaults: { observer_type: histogram }\nmappings: [{ match: a, name: b, summary_options: {} }]';
    expect(faults(text)).toEqual([
      'line 2: mappings[0].summary_options: cannot be used with observer_type histogram',
    ]);
  });

  it.each([
    ...[
      '',
      '.',
      'a.',
      '.a',
      'a..b',
      '0a',
      '-a',
      'a*',
      '*a',
      'a.*b',
      'a.-b',
      'a b',
      'a/b',
      'a.ü',
      '**',
      'a.**',
      'a:b',
      '$1',
    ],
  ])('the glob %j', (glob) => {
    expect(faults(`mappings: [{ match: "${glob}", name: x }]`)).toEqual([
      expect.stringContaining('mappings[0].match: invalid match'),
    ]);
  });

  it.each([
    ...[
      '(',
      '[',
      'a**',
      '(?=a)',
      '(?!a)',
      '(?<=a)b',
      '(?<!a)b',
      '(a)\\1',
      'a{1001}',
      '\\C',
      '(?P<1>',
      '*',
      'a{2,1}',
      '\\8',
    ],
  ])('the regex %j', (regex) => {
    expect(faults(`mappings: [{ match: '${regex}', match_type: regex, name: x }]`)).toEqual([
      expect.stringContaining('mappings[0].match: invalid regex'),
    ]);
  });

  it.each([...['0a', 'a-b', 'a.b', 'a b', '$', '$a', '${a}', 'a:b', 'ü', '-', 'a$']])(
    'the name %j',
    (name) => {
      expect(faults(`mappings: [{ match: a, name: "${name}" }]`)).toEqual([
        expect.stringContaining('mappings[0].name: invalid name'),
      ]);
    },
  );

  it('a rule without match or name', () => {
    expect(faults('mappings:\n- action: drop')).toEqual([
      expect.stringContaining('line 2: mappings[0]: invalid match ""'),
      'line 2: mappings[0]: a rule needs a name, also one that drops',
    ]);
  });

  it('with all that is wrong at once, by line', () => {
    const text =
      'mappings:\n- match: a..b\n  name: x\n  ttl: 1d\n- match: a\n  nam: y\ndefaults: { ttl: x }\n';
    expect(faults(text).map((fault) => fault.slice(0, 6))).toEqual([
      'line 2',
      'line 4',
      'line 5',
      'line 6',
      'line 7',
    ]);
  });
});

describe('what a rule says', () => {
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

  it('takes from the defaults what it does not say', () => {
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

describe('any text', () => {
  const pieces = [
    ...[
      'mappings',
      'defaults',
      'match',
      'name',
      'labels',
      'ttl',
      'scale',
      'action',
      'summary_options',
      'quantiles',
      '<<',
    ],
    ...[
      ': ',
      ':',
      '\n',
      '\n  ',
      '\n- ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      ', ',
      '"',
      "'",
      '&a ',
      '*a',
      '!!str ',
      '|',
      '>',
      '---\n',
      '#',
      '%',
    ],
    ...['a', 'b.*', '5s', '1', 'yes', '~', '$1', '(', '\t', '\r\n', '\ufeff', 'ü'],
  ];

  it('is taken or refused with a line, and nothing is thrown', () => {
    const text = fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (given) => {
        const result = readMapping(given);
        if (!result.ok)
          expect(result.faults.every(({ line, message }) => line >= 1 && message !== '')).toBe(true);
      }),
      { numRuns: 1500 },
    );
  });

  it.each([
    ['an alias of itself', 'mappings: &a [*a]'],
    ['a merge of itself', 'mappings:\n- &a { match: a, name: b, <<: *a }'],
    [
      'aliases that multiply',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi'].map((letter, at) => `${letter}: &${letter} [${Array(9).fill(`*${'abcdefgh'[at]}`)}]`).join('\n')}`,
    ],
    ['depth', `mappings: ${'['.repeat(2000)}${']'.repeat(2000)}`],
  ])('with %s does no harm', (_, text) => {
    expect(readMapping(text).ok).toBe(false);
  });
});
