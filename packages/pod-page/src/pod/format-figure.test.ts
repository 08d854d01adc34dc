import { describe, expect, it } from 'vitest';
import { formatFigure, type Unit } from './format-figure.ts';

describe('formatFigure', () => {
  it.each<[number | undefined, Unit, string]>([
    [undefined, 'count', '–'],
    [0, 'count', '0'],
    [1234567, 'count', '1,234,567'],
    [0, 'rate', '0'],
    [0.36, 'rate', '0.4'],
    [9.94, 'rate', '9.9'],
    [12.4, 'rate', '12'],
    [0, 'bytes', '0 B'],
    [1023, 'bytes', '1,023 B'],
    [1536, 'bytes', '1.5 KiB'],
    [150 * 1024 ** 2, 'bytes', '150 MiB'],
    [2 ** 50, 'bytes', '1,024 TiB'],
    [0.04, 'seconds', '40 ms'],
    [0.42, 'ms', '0.4 ms'],
    [0, 'seconds', '0 ms'],
    [1240, 'ms', '1.2 s'],
    [90, 'seconds', '2 min'],
  ])('%j %s is %s', (value, unit, text) => {
    expect(formatFigure(value, unit)).toBe(text);
  });
});
