// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates of a mapping file look like this
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mappingPieces } from '../../testing/mapping-text.ts';
import { faults, rule } from '../../testing/mappings.ts';
import { readMapping } from './read-mapping.ts';

const convert = ' (--convert-mapping FILE prints the file in the current format)';

describe('mapping files that are refused', () => {
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
    [
      'defaults: { timer_type: histogram }',
      `line 1: defaults: old field "timer_type": use observer_type${convert}`,
    ],
    [
      'defaults: { buckets: [1] }',
      `line 1: defaults: old field "buckets": use histogram_options.buckets${convert}`,
    ],
    [
      'defaults: { quantiles: [] }',
      `line 1: defaults: old field "quantiles": use summary_options.quantiles${convert}`,
    ],
    ['defaults: { ttl_by_type: { timer: 5s } }', 'line 1: defaults.ttl_by_type: unknown field "timer"'],
    ['defaults: { ttl_by_type: { gauge: 5 } }\nnope: 1', 'line 2: unknown field "nope"'],
    [
      'defaults: { ttl_by_type: { gauge: soon } }',
      'line 1: defaults.ttl_by_type.gauge: expected a duration such as 30s or 1h30m, got "soon"',
    ],
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
      'line 1: defaults.histogram_options.buckets[1]: expected bounds in increasing order',
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
  ])('%j, which is not YAML', (text, line) => {
    expect(faults(text)[0]).toContain(`${line}: `);
  });

  it.each([
    ['timer_type: histogram', `line 4: mappings[0]: old field "timer_type": use observer_type${convert}`],
    ['quantiles: []', `line 4: mappings[0]: old field "quantiles": use summary_options.quantiles${convert}`],
    ['buckets: [1]', `line 4: mappings[0]: old field "buckets": use histogram_options.buckets${convert}`],
    [
      'max_summary_age: 5s',
      `line 4: mappings[0]: old field "max_summary_age": use summary_options.max_age${convert}`,
    ],
    [
      'summary_options: { stream_buffer_size: 9 }',
      `line 4: mappings[0].summary_options: old field "stream_buffer_size": use buf_cap${convert}`,
    ],
    ['prefix: app-', 'line 4: mappings[0].prefix: invalid prefix "app-": expected letters, digits and _'],
    ['prefix: [a]', 'line 4: mappings[0].prefix: expected text'],
    ['drop_labels: a', 'line 4: mappings[0].drop_labels: expected a list'],
    [
      'keep_labels: [a, b-c]',
      'line 4: mappings[0].keep_labels[1]: invalid label "b-c": expected letters, digits and _, without a leading __',
    ],
    [
      'rename_labels: { a: __b }',
      'line 4: mappings[0].rename_labels.a: invalid label "__b": expected letters, digits and _, without a leading __',
    ],
    ['exclude: a', 'line 4: mappings[0].exclude: expected a list'],
    [
      'exclude: [a, a..b]',
      'line 4: mappings[0].exclude[1]: invalid match "a..b": expected segments of letters, digits, _ and - with an optional * at the end, such as web.*.requests',
    ],
    ['rename_labels: [a]', 'line 4: mappings[0].rename_labels: expected a mapping'],
    ['ttl_by_type: { gauge: 1s }', 'line 4: mappings[0]: unknown field "ttl_by_type"'],
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
      'line 4: mappings[0].labels.__name__: invalid label key "__name__": a leading __ is reserved by Prometheus',
    ],
    ['labels: { ab: [c] }', 'line 4: mappings[0].labels.ab: expected text'],
    ['labels: { ab: c, ab: d }', 'line 4: Map keys must be unique'],
    ['summary_options: 5', 'line 4: mappings[0].summary_options: expected a mapping'],
    [
      'summary_options: { max_age: -5m }',
      'line 4: mappings[0].summary_options.max_age: expected a duration that is not negative',
    ],
    [
      'summary_options: { age_buckets: -1 }',
      'line 4: mappings[0].summary_options.age_buckets: expected a whole number from 0 to 4294967295, got "-1"',
    ],
    [
      'summary_options: { age_buckets: 1.5 }',
      'line 4: mappings[0].summary_options.age_buckets: expected a whole number from 0 to 4294967295, got "1.5"',
    ],
    [
      'summary_options: { buf_cap: 5000000000 }',
      'line 4: mappings[0].summary_options.buf_cap: expected a whole number from 0 to 4294967295, got "5000000000"',
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
      'line 4: mappings[0].histogram_options.buckets[1]: expected bounds in increasing order',
    ],
    [
      'histogram_options:\n  buckets:\n  - 1\n  - 3\n  - 2',
      'line 8: mappings[0].histogram_options.buckets[2]: expected bounds in increasing order',
    ],
    [
      'histogram_options: { buckets: [.nan] }',
      'line 4: mappings[0].histogram_options.buckets[0]: expected bounds in increasing order',
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

  it('options of another observer type than the defaults', () => {
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
      '*a',
      'a*b',
      'a**',
      'a.b*c',
      '0*',
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
    ['(', 'missing closing )'],
    ['[', 'missing closing ]'],
    ['a**', 'invalid nested repetition operator'],
    ['(?=a)', 'invalid or unsupported Perl syntax'],
    ['(?!a)', 'invalid or unsupported Perl syntax'],
    ['(?<=a)b', 'invalid named capture'],
    ['(?<!a)b', 'invalid named capture'],
    ['(a)\\1', 'invalid escape sequence'],
    ['a{1001}', 'invalid repeat count'],
    ['\\C', 'invalid escape sequence'],
    ['(?P<1>', 'missing closing )'],
    ['*', 'missing argument to repetition operator'],
    ['a{2,1}', 'invalid repeat count'],
    ['\\8', 'invalid escape sequence'],
  ])('the regex %j', (regex, reason) => {
    expect(faults(`mappings: [{ match: '${regex}', match_type: regex, name: x }]`)).toEqual([
      `line 1: mappings[0].match: invalid regex ${JSON.stringify(regex)}: ${reason} (RE2 has no look-around and no back-references)`,
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
      'line 2: mappings[0]: expected a name, even with action: drop',
    ]);
  });

  it('with all faults at once, by line', () => {
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

describe('any text', () => {
  it('is accepted, or refused with line numbers, and never throws', () => {
    fc.assert(
      fc.property(mappingPieces, (given) => {
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
