import { describe, expect, it } from 'vitest';
import { resolvePlain, type ScalarValue } from './yaml-scalar.ts';

const rows: ReadonlyArray<readonly [string, ScalarValue]> = [
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON', 'true', 'True', 'TRUE'].map(
    (word) => [word, true] as const,
  ),
  ...['n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF', 'false', 'False', 'FALSE'].map(
    (word) => [word, false] as const,
  ),
  ...[
    'yEs',
    'tRUE',
    'nULL',
    'yess',
    '1s',
    'a',
    '-',
    '.',
    '+',
    '0x',
    '0b',
    '1:30',
    '2024-01-01',
    '1.2.3',
    'inf',
    'nan',
    '0xg',
  ].map((word) => [word, word] as const),
  ['0', 0],
  ['1', 1],
  ['-1', -1],
  ['+1', 1],
  ['1_000', 1000],
  ['1.5', 1.5],
  ['1.', 1],
  ['.5', 0.5],
  ['-.5', -0.5],
  ['1e3', 1000],
  ['1e+3', 1000],
  ['1.5e-3', 0.0015],
  ['0x10', 16],
  ['-0x10', -16],
  ['0XfF', 255],
  ['0o17', 15],
  ['017', 15],
  ['0b101', 5],
  ['09', 9],
  ['.inf', Number.POSITIVE_INFINITY],
  ['+.Inf', Number.POSITIVE_INFINITY],
  ['-.INF', Number.NEGATIVE_INFINITY],
  ['.nan', Number.NaN],
  ['.NaN', Number.NaN],
];

describe('resolvePlain', () => {
  it.each(rows)('reads %j as %j', (source, value) => {
    expect(resolvePlain(source)).toBe(value);
  });
});
