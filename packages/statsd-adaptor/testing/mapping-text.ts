import fc from 'fast-check';

const words = [
  'mappings',
  'defaults',
  'match',
  'name',
  'labels',
  'ttl',
  'scale',
  'action',
  'summary_options',
];
const newWords = [
  'quantiles',
  'timer_type',
  'drop_labels',
  'rename_labels',
  'ttl_by_type',
  'prefix',
  'exclude',
];
const marks = [
  ...['<<', ': ', ':', '\n', '\n  ', '\n- ', '- ', '[', ']', '{', '}', ', ', '"', "'", '&a ', '*a', '!!str '],
  ...['|', '>', '---\n', '#', '%'],
];
const values = ['a', 'b.*', '5s', '1', 'yes', '~', '$1', '(', '\t', '\r\n', '\ufeff', 'ü'];

/** Random texts from pieces of mapping files; hardly any is valid. */
export const mappingPieces: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...words, ...newWords, ...marks, ...values), { maxLength: 30 })
  .map((parts) => parts.join(''));

const globs = ['*', 'x', 'bar.*', '*.baz', 'foo*', 'x_*', 'a-b', '*.*', 'bar.b*'];
const regexes = ['.', '^(x)(.*)$', '(?i)FOO', '[0-9]+', 'ba(?P<last>.)'];
const labelNames = fc.constantFrom('a', 'c', 'container_id', 'quantile', 'le', 'new_name');
const duration = fc.constantFrom('0', '1s', '5s', '1h');
const settings = {
  prefix: fc.constantFrom('', 'app_'),
  keep_labels: fc.array(labelNames, { maxLength: 3 }),
  drop_labels: fc.array(labelNames, { maxLength: 3 }),
  rename_labels: fc.dictionary(labelNames, labelNames, { maxKeys: 2 }),
};

const rule = fc.constantFrom('glob', 'regex').chain((type) => {
  const pattern = fc.constantFrom(...(type === 'glob' ? globs : regexes));
  return fc.record(
    {
      match: pattern,
      match_type: fc.constant(type),
      name: fc.constantFrom('n', 'n_$1', '$1', '$2', 'x', 'x_count', 'x_sum'),
      exclude: fc.array(pattern, { maxLength: 2 }),
      labels: fc.dictionary(fc.constantFrom('aa', 'le', 'quantile'), fc.constantFrom('v', '$1'), {
        maxKeys: 2,
      }),
      honor_labels: fc.boolean(),
      observer_type: fc.constantFrom('summary', 'histogram'),
      action: fc.constantFrom('map', 'map', 'map', 'drop'),
      match_metric_type: fc.constantFrom('counter', 'gauge', 'observer'),
      scale: fc.constantFrom(0, 1, -1, 0.001, 1e300),
      help: fc.constantFrom('help', 'more\nhelp'),
      ttl: duration.map((text) => (text === '0' ? 0 : text)),
      ...settings,
    },
    { requiredKeys: ['match', 'match_type', 'name'] },
  );
});

const file = fc.record({
  defaults: fc.record(
    {
      ttl: duration.map((text) => (text === '0' ? 0 : text)),
      ttl_by_type: fc.dictionary(
        fc.constantFrom('counter', 'gauge', 'observer', 'set'),
        fc.constantFrom('1s', '5s'),
      ),
      observer_type: fc.constantFrom('summary', 'histogram'),
      glob_disable_ordering: fc.boolean(),
      ...settings,
    },
    { requiredKeys: [] },
  ),
  mappings: fc.array(rule, { maxLength: 6 }),
});

/** Valid mapping files, as JSON, which is also YAML. */
export const mappingFile: fc.Arbitrary<string> = file.map((content) => JSON.stringify(content));
