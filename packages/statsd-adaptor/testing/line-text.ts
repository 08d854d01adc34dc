import fc from 'fast-check';

const pieces = [
  ...[
    'foo',
    'bar.baz',
    'x',
    'x_sum',
    'x_count',
    'x_bucket',
    'a-b',
    '0',
    'ü',
    '_e{1,1}',
    '_sc',
    '__name__',
    '',
  ],
  ...[':', ':', ':', '|', '|', '|', ',', '=', '#', '[', ']', '.', '-', ' ', '\r'],
  ...['1', '-1', '+2', '1.5', '1e3', '0x1p1', 'nan', 'inf', '1_0', '.', '999999999999999999'],
  ...['c', 'g', 'ms', 'h', 'd', 's', 'kv'],
  ...['|c', '|g', '|ms', '|h', '|d', '|s', ':1|c', ':2|g', ':3|ms', ':a|s'],
  ...[
    '|#a:b',
    '|#a:b,c:d',
    '|#quantile:x',
    '|#le:1',
    '|#__a:b',
    ',a=b',
    '#a=b',
    '[a=b]',
    '|c:id',
    '|e:x',
    '|card:low',
    '|T1',
  ],
];

/** Texts that look like StatsD lines, more or less; without sampling rates each sample is one event or one error. */
export function lineText(more: readonly string[] = []): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...pieces, ...more), { maxLength: 12 }).map((parts) => parts.join(''));
}

export const rates = ['|@0.1', '|@0.5', '|@2', '|@0', '|@x', '|@-1', '|@nan', '|@1e-9'] as const;
