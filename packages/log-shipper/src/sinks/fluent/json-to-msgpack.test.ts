import { decode, Encoder } from '@msgpack/msgpack';
import { mostSeconds, secondsOf } from '@pod-patterns/kit/testing/seconds';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonObjectScanner } from '../../record/json-object.ts';
import { JsonToMsgpack, mostBytesPerByte } from './json-to-msgpack.ts';
import { map, putHeader } from './msgpack.ts';

const json = new JsonToMsgpack();
const scanner = new JsonObjectScanner();

/** Into no more room than is said to be enough, at any place. */
function transcode(text: string, at = 1): Buffer {
  const bytes = Buffer.from(text);
  expect(scanner.scan(bytes, 0, bytes.length)).toBe(true);
  const { open, close } = scanner;
  const out = Buffer.alloc(at + (close - open) * mostBytesPerByte);
  const end = json.putFields(out, at + 1, bytes, open, close);
  return out.subarray(at, putHeader(out, at, end, map, json.count));
}

const encoder = new Encoder({ maxDepth: 1000, useBigInt64: true });
const encode = (value: unknown) => Buffer.from(encoder.encode(value));
const largest = 2n ** 64n - 1n;
const smallest = -(2n ** 63n);
const read = (bytes: Buffer) => decode(bytes, { useBigInt64: true });
const many = (count: number, item: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => item(index)).join();

/** JSON, and its value with all digits of whole numbers. */
interface Sample {
  readonly text: string;
  readonly value: unknown;
}

const blank = fc.constantFrom('', '', '', ' ', '\n\t', '\r');
const digits = (least: number, most: number) =>
  fc.array(fc.nat({ max: 9 }), { minLength: least, maxLength: most }).map((all) => all.join(''));
const whole = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 66n }).map(String), edges(), digits(1, 30)),
  )
  .map(([sign, text]) => sign + text.replace(/^0+(?=\d)/, ''));
const number = fc.oneof(
  whole.map((text): Sample => ({ text, value: wholeNumber(text) })),
  fc
    .tuple(whole, fc.constantFrom('', '.'), digits(1, 20), exponents())
    .map(([before, point, after, exponent]) => before + (point && point + after) + (exponent || '.0'))
    .filter((text) => !/\..*\./.test(text))
    .map((text): Sample => ({ text, value: Number(text) })),
);
const content = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 5 }).map((text) => JSON.stringify(text).slice(1, -1)),
  fc.nat({ max: 300 }).map((length) => 'x'.repeat(length)),
  fc.constantFrom(
    '\\n',
    '\\"',
    '\\\\',
    '\\/',
    '\\u0041',
    '\\u00e9',
    '\\u20AC',
    '\\ud83d\\ude00',
    '\u007f',
    '\u2028',
  ),
);
const half = fc.constantFrom('\\ud83d', '\\uDE00', '\\ud83d\\ud83d\\ude00', '\\udbff\\u0041', '\\ud83dx');
const string = fc
  .array(fc.oneof({ arbitrary: content, weight: 5 }, half), { maxLength: 6 })
  .map((parts) => sampleOf(`"${parts.join('')}"`));
/** No whole numbers, which an object of JavaScript has first; and often the same. */
const key = fc.oneof(
  fc.constantFrom('"a"', '"\\u0061"', '"file"', '"__proto__"', '""', '"constructor"'),
  fc.array(content, { maxLength: 3 }).map((parts) => `"k${parts.join('')}"`),
);
const { object } = fc.letrec<{ object: Sample; value: Sample }>((tie) => ({
  object: listOf('{}', fc.tuple(key, blank, blank, tie('value'))).map(({ text, items }) => ({
    text: text((item) => `${item[0]}${item[1]}:${item[2]}${item[3].text}`),
    value: Object.fromEntries(items.map(([name, , , { value }]) => [JSON.parse(name), value])),
  })),
  value: fc.oneof(
    { maxDepth: 3 },
    fc.oneof(string, number, fc.constantFrom('true', 'false', 'null').map(sampleOf)),
    listOf('[]', tie('value')).map(({ text, items }) => ({
      text: text((item) => item.text),
      value: items.map(({ value }) => value),
    })),
    tie('object'),
  ),
}));

function sampleOf(text: string): Sample {
  const value: unknown = JSON.parse(text);
  return { text, value: typeof value === 'string' ? value.toWellFormed() : value };
}

/** 64 bits hold it, or text does. */
function wholeNumber(text: string): unknown {
  const value = BigInt(text);
  if (value > largest || value < smallest) return text;
  return value >= 2n ** 32n || value < -(2n ** 31n) ? value : Number(value);
}

/** Next to where the form of an integer changes. */
function edges() {
  const powers = [5, 7, 8, 15, 16, 31, 32, 53, 63, 64].map((power) => 2n ** BigInt(power));
  return fc
    .tuple(fc.constantFrom(...powers), fc.constantFrom(-1n, 0n, 1n))
    .map(([power, by]) => String(power + by));
}

function exponents() {
  const exponent = fc.tuple(fc.constantFrom('e', 'E'), fc.constantFrom('', '+', '-'), fc.nat({ max: 400 }));
  return fc.oneof(
    fc.constant(''),
    fc.constantFrom('e0', 'e22', 'e-22', 'e23', 'E+05'),
    exponent.map((parts) => parts.join('')),
  );
}

function listOf<T>([open, close]: string, item: fc.Arbitrary<T>) {
  const spaced = fc.tuple(blank, item, blank);
  return fc.tuple(blank, fc.array(spaced, { maxLength: 18, size: 'small' })).map(([inside, all]) => ({
    items: all.map(([, item]) => item),
    text: (write: (item: T) => string) =>
      `${open}${inside}${all.map(([before, item, after]) => before + write(item) + after).join()}${close}`,
  }));
}

describe('JsonToMsgpack', () => {
  it('writes what a library makes of a parsed object, byte for byte', () => {
    fc.assert(
      fc.property(object, fc.nat({ max: 7 }), ({ text, value }, at) => {
        expect(transcode(text, at).equals(encode(value))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('is given no text that breaks off, wherever', () => {
    fc.assert(
      fc.property(object, fc.nat(), ({ text }, cut) => {
        const bytes = Buffer.from(text);
        expect(scanner.scan(bytes, 0, cut % bytes.length)).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['-0', 0],
    ['-0.0', 0],
    ['1.0', 1],
    ['1e2', 100],
    ['1E-2', 0.01],
    ['0.1', 0.1],
    ['1e400', Number.POSITIVE_INFINITY],
    ['-1e400', Number.NEGATIVE_INFINITY],
    ['1e-400', 0],
    ['5e-324', 5e-324],
    ['9007199254740993.0', 9007199254740992],
    ['9007199254740992', 9007199254740992n],
    ['4294967295', 4294967295],
    ['4294967296', 4294967296n],
    ['-2147483649', -2147483649n],
    ['1769860800123', 1769860800123n],
    ['9007199254740991', 9007199254740991n],
    ['-9007199254740991', -9007199254740991n],
    ['4294967296.0', 4294967296],
    ['1e10', 1e10],
    ['4294967296.5', 4294967296.5],
    [`${largest}`, largest],
    [`${largest + 1n}`, `${largest + 1n}`],
    [`${smallest}`, smallest],
    [`${smallest - 1n}`, `${smallest - 1n}`],
    [`1${'0'.repeat(300)}`, `1${'0'.repeat(300)}`],
  ])('writes the number %s', (source, value) => {
    expect(read(transcode(`{"n":${source}}`))).toEqual({ n: value });
  });

  it.each([0, 15, 16, 17, 65_535, 65_536])('writes the headers of %d elements', (count) => {
    const line = `{"list":[${many(count, () => '0')}],"map":{${many(count, (index) => `"k${index}":1`)}}}`;
    expect(transcode(line).equals(encode(JSON.parse(line)))).toBe(true);
  });

  it.each([31, 32, 255, 256, 65_535, 65_536])('writes the header of a text of %d bytes', (length) => {
    for (const start of ['', '\\n', '\\u0041', '\\u00e9', '\\ud83d\\ude00']) {
      const rest = 'x'.repeat(length - Buffer.byteLength(JSON.parse(`"${start}"`)));
      for (const content of [start + rest, rest + start]) {
        const line = `{"${content}":"${content}"}`;
        expect(transcode(line).equals(encode(JSON.parse(line)))).toBe(true);
      }
    }
  });

  it.each([
    ['at once', '{"a":1,"a":2}', { a: 2 }],
    ['as an escape', '{"a":1,"\\u0061":2}', { a: 2 }],
    [
      'behind an object with the same',
      '{"a":1,"b":{"a":2,"c":{"a":3}},"a":4}',
      { b: { a: 2, c: { a: 3 } }, a: 4 },
    ],
    [
      'within a list',
      '{"a":[{"b":1,"b":9007199254740993},{"b":3}]}',
      { a: [{ b: 9007199254740993n }, { b: 3 }] },
    ],
    ['beside half a surrogate pair', '{"a":"\\ud83d","a":"\\ude00"}', { a: '\uFFFD' }],
    ['after a thousand others', `{"a":1,${many(1000, (index) => `"k${index}":{"a":0}`)},"a":2}`, { a: 2 }],
  ])('keeps the last value of a key that comes again %s', (_, line, value) => {
    expect(read(transcode(line))).toMatchObject(value);
  });

  it('keeps the order of keys that are whole numbers', () => {
    expect(transcode('{"2":0,"1":0}').toString('latin1')).toBe('\x82\xa12\x00\xa11\x00');
  });

  it('makes U+FFFD of half a surrogate pair in a key', () => {
    expect(read(transcode('{"\\ud83d":1}'))).toEqual({ '\uFFFD': 1 });
  });

  it.each([
    ['one key', `{${many(150_000, () => '"a":1')}}`],
    [
      'repeated keys, one object in the other',
      `${'{"a":0,"a":'.repeat(499)}[${many(490_000, () => '0')}]${'}'.repeat(499)}`,
    ],
    ['different keys', `{${many(80_000, (index) => `"k${index}":1`)}}`],
    ['small objects', `{"a":[${many(80_000, (index) => `{"k${index}":1}`)}]}`],
    [
      'wide lists, one in the other',
      `{"a":${`[${many(20, () => '0')},`.repeat(498)}${many(490_000, () => '0')}${']'.repeat(498)}}`,
    ],
    ['escapes', `{"a":"${'\\n'.repeat(500_000)}"}`],
    ['a whole number', `{"a":${'1'.repeat(1_000_000)}}`],
    ['a fraction', `{"a":0.${'1'.repeat(1_000_000)}}`],
    ['an exponent', `{"a":1e${'1'.repeat(1_000_000)}}`],
  ])('takes no longer for a megabyte of %s than its length demands', (_, line) => {
    expect(secondsOf(() => transcode(line))).toBeLessThan(mostSeconds);
  });
});
