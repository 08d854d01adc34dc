import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelPairs, labelText } from './labels.ts';

describe('labelText', () => {
  it.each([
    [{}, '', ''],
    [{ a: 'b' }, 'a="b"', 'a'],
    [{ b: '2', a: '1' }, 'a="1",b="2"', 'a,b'],
    [{ b: '1', B: '2', _: '3' }, 'B="2",_="3",b="1"', 'B,_,b'],
    [{ a10: '1', a2: '2' }, 'a10="1",a2="2"', 'a10,a2'],
    [{ a: '' }, 'a=""', 'a'],
    [{ a: '"' }, 'a="\\""', 'a'],
    [{ a: '\\' }, 'a="\\\\"', 'a'],
    [{ a: '\n' }, 'a="\\n"', 'a'],
    [{ a: '\\n' }, 'a="\\\\n"', 'a'],
    [{ a: '"\\\n"' }, 'a="\\"\\\\\\n\\""', 'a'],
    [{ a: 'ü😱,=' }, 'a="ü😱,="', 'a'],
    [{ a: '\r\t' }, 'a="\r\t"', 'a'],
  ])('writes %j as %s', (labels, text, names) => {
    expect(labelText(new Map(Object.entries(labels)))).toEqual({ text, names });
  });
});

describe('labelPairs', () => {
  it('takes apart what labelText wrote', () => {
    const value = fc.string({ unit: fc.constantFrom('"', '\\', '\n', '=', ',', 'n', 'ü', '😱') });
    const labels = fc.dictionary(fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]*$/), value, {
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(labels, (all) => {
        const { text } = labelText(new Map(Object.entries(all)));
        const pairs = labelPairs(text).map(({ name, value: each }) => [name, each] as const);
        expect(new Map(pairs)).toEqual(new Map(Object.entries(all)));
      }),
    );
  });
});
