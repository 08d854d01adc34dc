import { describe, expect, it } from 'vitest';
import { asRecord } from '../../record.ts';
import { formatPath } from './position.ts';
import { readDocuments } from './read-documents.ts';

const readScalar = (text: string) => {
  const read = readDocuments(`a: ${text}\n`);
  return read.ok ? asRecord(read.documents[0]?.value)['a'] : read.message;
};

describe('scalars are read as kubectl reads them', () => {
  it.each<[string, unknown]>([
    ['yes', true],
    ['off', false],
    ['y', true],
    ['True', true],
    ['~', null],
    ['', null],
    ['0644', 420],
    ['08', 8],
    ['0x1F', 31],
    ['0o17', 15],
    ['-0o17', -15],
    ['1_000', 1000],
    ['1e3', 1000],
    ['1.5', 1.5],
    ['1:30', '1:30'],
    ['2026-01-31', '2026-01-31'],
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00Z'],
    ['"8080"', '8080'],
    ['1.2.3', '1.2.3'],
    ['!!str 5', '5'],
  ])('%s', (text, expected) => {
    expect(readScalar(text)).toEqual(expected);
  });
});

describe('documents', () => {
  it('are skipped if they are empty', () => {
    const read = readDocuments('# a\n---\n---\na: 1\n...\n---\nb: 2\n');
    expect(read.ok && read.documents.map(({ value }) => value)).toEqual([{ a: 1 }, { b: 2 }]);
  });

  it('may be JSON with tabs', () => {
    const read = readDocuments('{\n\t"b": [\n\t\t1\n\t]\n}');
    expect(read.ok && read.documents[0]?.value).toEqual({ b: [1] });
  });

  it('include merged keys', () => {
    const read = readDocuments('base: &b {a: 1, c: 1}\nderived:\n  <<: *b\n  c: 2\n');
    expect(read.ok && read.documents[0]?.value).toMatchObject({ derived: { a: 1, c: 2 } });
  });
});

describe('positions', () => {
  const text = 'a:\n  b:\n    - name: one\n      c: x\n    - {name: two}\nd: &d\n  e: 5\nf: *d\n';
  const read = readDocuments(text);
  const at = (...path: (string | number)[]) => {
    if (!read.ok) throw new Error(read.message);
    const position = read.documents[0]?.position(path);
    return `${position?.line}:${position?.column}`;
  };

  it.each<[(string | number)[], string]>([
    [[], '1:1'],
    [['a'], '1:1'],
    [['a', 'b'], '2:3'],
    [['a', 'b', 0], '3:7'],
    [['a', 'b', 0, 'c'], '4:10'],
    [['a', 'b', 1, 'name'], '5:14'],
    [['a', 'b', 1, 'missing'], '5:7'],
    [['a', 'b', 9], '2:3'],
    [['f', 'e'], '7:6'],
    [['nowhere', 'at', 'all'], '1:1'],
  ])('%j', (path, expected) => {
    expect(at(...path)).toBe(expected);
  });

  it('are written as kubectl writes them', () => {
    expect(formatPath(['spec', 'containers', 0, 'image'])).toBe('spec.containers[0].image');
    expect(formatPath(['metadata', 'annotations', 'a.b/c'])).toBe('metadata.annotations[a.b/c]');
  });
});
