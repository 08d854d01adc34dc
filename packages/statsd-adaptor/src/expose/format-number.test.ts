import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatNumber } from './format-number.ts';

describe('formatNumber', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [1, '1'],
    [-1, '-1'],
    [0.5, '0.5'],
    [0.1, '0.1'],
    [1 / 3, '0.3333333333333333'],
    [2.5, '2.5'],
    [10, '10'],
    [123456, '123456'],
    [999999, '999999'],
    [999999.5, '999999.5'],
    [1e6, '1e+06'],
    [1000001, '1.000001e+06'],
    [1234567, '1.234567e+06'],
    [-1234567, '-1.234567e+06'],
    [2.5e7, '2.5e+07'],
    [123456789.123, '1.23456789123e+08'],
    [1e10, '1e+10'],
    [1e21, '1e+21'],
    [1e100, '1e+100'],
    [1.7976931348623157e308, '1.7976931348623157e+308'],
    [0.001, '0.001'],
    [0.0001, '0.0001'],
    [0.00012, '0.00012'],
    [0.00001, '1e-05'],
    [0.000012, '1.2e-05'],
    [-0.00001, '-1e-05'],
    [0.00009999, '9.999e-05'],
    [1e-7, '1e-07'],
    [1e-10, '1e-10'],
    [5e-324, '5e-324'],
    [1e-100, '1e-100'],
    [9007199254740992, '9.007199254740992e+15'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, '+Inf'],
    [Number.NEGATIVE_INFINITY, '-Inf'],
  ])('writes %d as %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  it('writes every number so that it can be read back', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Number(formatNumber(value))).toBe(value === 0 ? 0 : value);
      }),
    );
  });

  it('uses an exponent exactly below 1e-4 and from 1e6 on', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const hasExponent = value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e6);
        expect(formatNumber(value).includes('e')).toBe(hasExponent);
      }),
    );
  });
});
