import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseGoFloat } from './go-float.ts';

const numbers: ReadonlyArray<readonly [string, number]> = [
  ['0', 0],
  ['-0', -0],
  ['+0', 0],
  ['00', 0],
  ['1', 1],
  ['+1', 1],
  ['-1', -1],
  ['01', 1],
  ['007', 7],
  ['1.', 1],
  ['.5', 0.5],
  ['-.5', -0.5],
  ['+.5', 0.5],
  ['0.1', 0.1],
  ['1.5', 1.5],
  ['123456789', 123456789],
  ['3.14159265358979323846', Math.PI],
  ['9007199254740993', 9007199254740992],
  ['1e3', 1000],
  ['1E3', 1000],
  ['1e+3', 1000],
  ['1e-3', 0.001],
  ['1.e1', 10],
  ['.5e1', 5],
  ['1e00', 1],
  ['1e308', 1e308],
  ['1.7976931348623157e308', Number.MAX_VALUE],
  ['5e-324', 5e-324],
  ['1e-400', 0],
  ['-1e-400', -0],
  ['0e999999', 0],
  ['1_000', 1000],
  ['1_23.50_0_0e+1_2', 1.235e14],
  ['0_8', 8],
  ['0x1p0', 1],
  ['0x1p-2', 0.25],
  ['0X1P+3', 8],
  ['-0x1p3', -8],
  ['0x1.8p1', 3],
  ['0x.8p1', 1],
  ['0x1.p1', 2],
  ['0xAp0', 10],
  ['0xffp0', 255],
  ['0x1_0p0', 16],
  ['0x_1p0', 1],
  ['0x_1_2.3_4_5p+1_2', 74565],
  ['0x0p999999999', 0],
  ['0x1p-1074', 5e-324],
  ['0x1p-2000', 0],
  ['0x1.fffffffffffff8p0', 2],
  ['0x1.fffffffffffff7p0', 1.9999999999999998],
  [`0x1${'0'.repeat(300)}p-1200`, 1],
  ['0x1.fffffffffffffp1023', Number.MAX_VALUE],
  ['inf', Number.POSITIVE_INFINITY],
  ['Inf', Number.POSITIVE_INFINITY],
  ['+Inf', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
  ['INFINITY', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['nan', Number.NaN],
  ['NaN', Number.NaN],
  ['NAN', Number.NaN],
];

const refused: readonly string[] = [
  ...['', ' ', ' 1', '1 ', '1 2', '\t1', '1\n', '\u00a01', '٣', '１'],
  ...[
    '.',
    '-',
    '+',
    '-.',
    '+.',
    'e',
    '.e1',
    'e1',
    '1e',
    '1e+',
    '1e-',
    '1e1.5',
    '1.2.3',
    '1..2',
    '--1',
    '+-1',
    '1-',
    '1+',
  ],
  ...[
    '1o',
    '1a',
    'a1',
    '0x',
    '0x10',
    '0x1',
    '0xg',
    '0xp1',
    '0x.p1',
    '0x1p',
    '0x1p+',
    '0x1e3',
    '0b1',
    '0o7',
    '0b1p0',
    '1p0',
  ],
  ...[
    '_1',
    '1_',
    '1__0',
    '1_.5',
    '1._5',
    '1_e5',
    '1e_5',
    '1e5_',
    '-_1',
    '+_1',
    '0x1__0p0',
    '0x_p0',
    '_0x1p0',
    '0_x1p0',
  ],
  ...['1e309', '-1e309', '1e999999999', '0x1p1024', '-0x1p1024', `${'9'.repeat(400)}`],
  ...[
    'in',
    'infi',
    'infinit',
    'infinityy',
    'inf1',
    '+-inf',
    'i',
    'n',
    'na',
    'nann',
    '+nan',
    '-nan',
    '+NaN',
    'null',
    'true',
  ],
  ...['1,000', '1;', "1'000", '0,5', '$1', '1%', '1f', '1d', '1L', '0x1p0f', '١', '1e५'],
];

describe('parseGoFloat', () => {
  it.each(numbers)('reads %j', (text, value) => {
    expect(parseGoFloat(text)).toBe(value);
  });

  it.each(refused)('refuses %j', (text) => {
    expect(parseGoFloat(text)).toBeUndefined();
  });

  it('reads back every number as JavaScript writes it', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (value) => {
        expect(parseGoFloat(Object.is(value, -0) ? '-0' : String(value))).toBe(value);
      }),
    );
  });

  it('reads hexadecimal floats exactly', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 2n ** 53n - 1n }),
        fc.integer({ min: -900, max: 900 }),
        (mantissa, power) => {
          expect(parseGoFloat(`0x${mantissa.toString(16)}p${power}`)).toBe(Number(mantissa) * 2 ** power);
        },
      ),
    );
  });

  it('never throws and never reads a number differently from JavaScript', () => {
    const text = fc.string({ unit: fc.constantFrom(...'0123456789abcdefxpinty_+-. EPX') });
    fc.assert(
      fc.property(text, (given) => {
        const value = parseGoFloat(given);
        const plain = /^[+-]?[\d.]+(e[+-]?\d+)?$/i.test(given);
        if (value !== undefined && plain) expect(value).toBe(Number(given));
      }),
    );
  });

  it.each(['1', '1_', '0x1', '1.', '_', '1e1', 'e', '+'])('takes linear time for 1 MB of %j', (repeated) => {
    const startedMs = performance.now();
    for (const head of ['', '0x', '1.', '1e']) {
      for (const tail of ['!', 'p', 'e'])
        parseGoFloat(head + repeated.repeat(1_000_000 / repeated.length) + tail);
    }
    expect(performance.now() - startedMs).toBeLessThan(20_000);
  });
});
