import { describe, expect, it } from 'vitest';
import { faults } from '../../testing/mappings.ts';
import { convertMapping } from './convert-mapping.ts';

/** The file in the current format, or its faults. */
function converted(text: string): string | readonly string[] {
  const result = convertMapping(text);
  return result.ok ? result.text : result.faults;
}

describe('a mapping file of an earlier release', () => {
  it('keeps its comments, its order and the source of its values', () => {
    const old = `# the app's metrics
defaults:
  timer_type: histogram # of all timers
  # seconds
  buckets: [ .005, 1.10, 0x10 ]
  ttl: 1h

mappings:
# requests
- match: "web\\\\.(.*)" # all of them
  match_type: regex
  name: 'web'
  labels:
  honor_labels: yes
- match: test.*.*
  name: "\${1}_$2"
  timer_type: summary
  # of the day
  quantiles:
  # the median
  - quantile: 0.50
    error: 0.05
  help: a long help text that goes on and on and on and on and on and on and on and on and on and on and on
`;
    expect(converted(old)).toBe(`# the app's metrics
defaults:
  observer_type: histogram # of all timers
  # seconds
  histogram_options:
    buckets: [ .005, 1.10, 0x10 ]
  ttl: 1h

mappings:
# requests
- match: "web\\\\.(.*)" # all of them
  match_type: regex
  name: 'web'
  labels:
  honor_labels: yes
- match: test.*.*
  name: "\${1}_$2"
  observer_type: summary
  # of the day
  summary_options:
    quantiles:
    # the median
    - quantile: 0.50
      error: 0.05
  help: a long help text that goes on and on and on and on and on and on and on and on and on and on and on
`);
  });

  const rule = (fields: string) => `mappings:\n  - { match: a, name: b, ${fields} }\n`;
  it.each([
    ['timer_type: histogram', 'observer_type: histogram'],
    [
      'timer_type: histogram, buckets: [ 1 ]',
      'observer_type: histogram, histogram_options: { buckets: [ 1 ] }',
    ],
    ['quantiles: []', 'summary_options: { quantiles: [] }'],
    ['max_summary_age: 5m', 'summary_options: { max_age: 5m }'],
    [
      'quantiles: [], summary_age_buckets: 3, stream_buffer_size: 9',
      'summary_options: { quantiles: [], age_buckets: 3, buf_cap: 9 }',
    ],
    ['summary_options: { max_summary_age: 5m }', 'summary_options: { max_age: 5m }'],
    ['summary_options: { max_age: 1m, max_summary_age: 5m }', 'summary_options: { max_age: 1m }'],
    ['buckets: [ 1 ], histogram_options: { buckets: [ 2 ] }', 'histogram_options: { buckets: [ 1 ] }'],
    ['histogram_options: , buckets: [ 1 ]', 'histogram_options: { buckets: [ 1 ] }'],
    ['timer_type: histogram, observer_type: summary', 'observer_type: summary'],
    [
      'timer_type: histogram, quantiles: [], buckets: [ 1 ]',
      'observer_type: histogram, histogram_options: { buckets: [ 1 ] }',
    ],
    ['timer_type: summary, buckets: [ 1 ]', 'observer_type: summary'],
  ])('%j becomes %j', (old, today) => {
    expect(converted(rule(old))).toBe(rule(today));
    expect(faults(rule(today))).toEqual([]);
  });

  it('ignores options of another observer type than the defaults, as that release did', () => {
    const old =
      'defaults:\n  timer_type: histogram\n  quantiles: []\nmappings:\n- match: a\n  name: b\n  quantiles: []\n';
    const today =
      'defaults:\n  observer_type: histogram\n  summary_options:\n    quantiles: []\nmappings:\n- match: a\n  name: b\n';
    expect(converted(old)).toBe(today);
  });

  it.each([
    ['', ''],
    ['# nothing\n', '# nothing\n'],
    [
      'mappings:\n- {match:   a.*, name: "b" }   # as it is\n',
      'mappings:\n- {match:   a.*, name: "b" }   # as it is\n',
    ],
  ])('%j has no old fields and stays unchanged', (text, same) => {
    expect(converted(text)).toBe(same);
  });

  it.each([
    ['mappings: [', /^Flow sequence/],
    ['a: 1\na: 2', /^Map keys must be unique/],
    [
      'mappings: [{ match: a, timer_type: histogram }]',
      /^after conversion, line 1: mappings\[0\]: expected a name/,
    ],
    [
      'mappings: [{ match: a, name: b, timer_tipe: x }]',
      /^after conversion, line 1: mappings\[0\]: unknown field "timer_tipe"/,
    ],
    ['text', /^after conversion, line 1: expected a mapping/],
  ])('%j cannot be converted', (text, fault) => {
    expect(converted(text)).toEqual([expect.stringMatching(fault)]);
  });
});
