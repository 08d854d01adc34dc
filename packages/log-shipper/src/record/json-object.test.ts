import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonObjectScanner, ownFields, timeFields } from './json-object.ts';

const scanner = new JsonObjectScanner();

function isObject(text: string): boolean {
  const bytes = Buffer.from(text);
  return scanner.scan(bytes, 0, bytes.length);
}

/** Whether JSON.parse returns an object. */
function expected(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

describe('JsonObjectScanner', () => {
  it.each([
    '{}',
    ' {} ',
    '{ }',
    '{"a":1}',
    '{"a":1}\r',
    '\t{"a" : [ 1 , 2.5e-3 , -0 , true , false , null , "x" , {} , [] ] }',
    '{"a":{"b":{"c":[[[]]]}}}',
    String.raw`{"\"\\\/\b\f\n\r\t\u00e9\uD83D":"\""}`,
    '{"a":1,"a":2}',
    '{"":0}',
    '{"__proto__":{"x":1}}',
    '{"big":123456789012345678901234567890.5E+10}',
    '{"é":"😀"}',
    '',
    '{',
    '}',
    '{}}',
    '{}{}',
    '{"a":1} {"b":2}',
    '[]',
    '"{}"',
    'null',
    '{a:1}',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '{,}',
    '{"a":1 "b":2}',
    "{'a':1}",
    '{"a":01}',
    '{"a":-}',
    '{"a":1.}',
    '{"a":.5}',
    '{"a":1e}',
    '{"a":+1}',
    '{"a":0x1}',
    '{"a":NaN}',
    '{"a":tru}',
    '{"a":truex}',
    '{"a":[1,]}',
    '{"a":[}',
    '{"a":"\t"}',
    '{"a":"unclosed}',
    String.raw`{"a":"\x"}`,
    String.raw`{"a":"\u12g4"}`,
    String.raw`{"a":"\"}`,
    '\ufeff{}',
    '{"a":1}\0',
  ])('agrees with JSON.parse about %j', (text) => {
    expect(isObject(text)).toBe(expected(text));
  });

  it('agrees with JSON.parse about any object and any damaged one', () => {
    const damage = fc.tuple(
      fc.nat(),
      fc.constantFrom('', '"', '\\', '{', '}', ',', ':', '0', '-', ' ', '\u0001'),
    );
    fc.assert(
      fc.property(fc.json(), fc.option(damage), (json, change) => {
        const text = `{"key":${json}}`;
        const at = (change?.[0] ?? 0) % text.length;
        const damaged = change === null ? text : text.slice(0, at) + change[1] + text.slice(at + 1);
        expect(isObject(damaged)).toBe(expected(damaged));
      }),
      { numRuns: 1000 },
    );
  });

  it('ignores bytes after the line', () => {
    const bytes = Buffer.from('{"a":1}');
    for (let end = 0; end < bytes.length; end++) expect(scanner.scan(bytes, 0, end)).toBe(false);
  });

  it('treats an object that is nested too deeply as text', () => {
    const nested = (depth: number) => `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    expect(isObject(nested(499))).toBe(true);
    expect(isObject(nested(500))).toBe(false);
    expect(isObject(nested(100_000))).toBe(false);
  });

  const takenNames = () =>
    ownFields
      .flatMap((name, field) =>
        Array.from({ length: 32 }, (_, bit) =>
          ((scanner.taken[field] ?? 0) >>> bit) & 1 ? '_'.repeat(bit) + name : '',
        ),
      )
      .filter((name) => name !== '');

  it.each<[string, string[]]>([
    ['{"a":1}', []],
    ['{"time":1,"file":2,"offset":3,"labels":4,"pod":5}', ['time', 'file', 'offset', 'labels', 'pod']],
    ['{"_time":1,"__file":2,"time":3}', ['time', '_time', '__file']],
    ['{"a":{"file":1},"b":["file"]}', []],
    ['{"File":1,"fil":2,"files":3,"f\u0000ile":4}', []],
    [String.raw`{"\u0066ile":1}`, ['file']],
    ['{"_":1,"__":2}', []],
  ])('finds our field names in %s: %j', (text, names) => {
    expect(isObject(text)).toBe(expected(text));
    if (expected(text)) expect(takenNames()).toEqual(names);
  });

  it('forgets the names of the previous line', () => {
    isObject('{"time":1,"file":2}');
    isObject('{"a":1}');
    expect(scanner).toMatchObject({ hasTaken: false, hasTime: false });
    expect(takenNames()).toEqual([]);
  });

  it('finds the times', () => {
    const text = '{"ts": 12 ,"@timestamp":"x","timestamp":{"a":1},"n":{"time":3}}';
    isObject(text);
    const values = timeFields.map((_, field) =>
      text.slice(scanner.timeStart[field] ?? 0, scanner.timeEnd[field] ?? 0),
    );
    expect(scanner.timeStart[0]).toBe(-1);
    expect(values.slice(1)).toEqual(['"x"', '{"a":1}', '12']);
  });

  it.each(['\n', '{\n', ' \n', '{"a":\n', '{"a":[\n', '1,\n'])(
    'scans each line of 1 MB of %j without reading the lines after it',
    { timeout: 120_000 },
    (line) => {
      const bytes = Buffer.from(line.repeat(1_000_000 / line.length));
      const startedMs = performance.now();
      let objects = 0;
      for (let at = 0; at < bytes.length; at += line.length) {
        if (scanner.scan(bytes, at, at + line.length - 1)) objects++;
      }
      expect(objects).toBe(0);
      expect(performance.now() - startedMs).toBeLessThan(60_000);
    },
  );
});
