import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GlobIndex } from './glob-index.ts';

const any = () => true;

function index(globs: readonly string[], isOrdered: boolean): GlobIndex<string> {
  const made = new GlobIndex<string>({ isOrdered });
  for (const glob of globs) made.add(glob, glob, any);
  return made;
}

const found = (globs: readonly string[], isOrdered: boolean, name: string) => {
  const match = index(globs, isOrdered).match(name, 'counter');
  return match === undefined ? undefined : [match.rule, ...match.captures];
};

describe('GlobIndex', () => {
  it.each([
    [['a'], 'a', ['a']],
    [['a'], 'b', undefined],
    [['a'], 'a.b', undefined],
    [['a'], '', undefined],
    [['*'], '', ['*', '']],
    [['*'], 'a', ['*', 'a']],
    [['*'], 'a.b', undefined],
    [['*.*'], 'a.b', ['*.*', 'a', 'b']],
    [['*.*'], '.', ['*.*', '', '']],
    [['a.*'], 'a.', ['a.*', '']],
    [['a.*'], 'a', undefined],
    [['a.*'], 'a.b.c', undefined],
    [['a.*.c'], 'a.b.c', ['a.*.c', 'b']],
    [['a.*.c'], 'a.b.d', undefined],
    [['a.*', 'a.b'], 'a.b', ['a.*', 'b']],
    [['a.b', 'a.*'], 'a.b', ['a.b']],
    [['a.b', 'a.*'], 'a.c', ['a.*', 'c']],
    [['a.b.c', 'a.b'], 'a.b', ['a.b']],
    [['*.b', 'a.*'], 'a.b', ['*.b', 'a']],
    [['a.*', '*.b'], 'a.b', ['a.*', 'b']],
    [['a.b.x', 'a.*.c'], 'a.b.c', ['a.*.c', 'b']],
    [['a.*', 'a.*'], 'a.b', ['a.*', 'b']],
    [['a.foo_*'], 'a.foo_bar', ['a.foo_*', 'bar']],
    [['a.foo_*'], 'a.foo_', ['a.foo_*', '']],
    [['a.foo_*'], 'a.foo', undefined],
    [['a.foo_*'], 'a.foo_bar.b', undefined],
    [['a*.b*'], 'ax.by', ['a*.b*', 'x', 'y']],
    [['a.*', 'a.f*'], 'a.fx', ['a.*', 'fx']],
    [['a.f*', 'a.*'], 'a.fx', ['a.f*', 'x']],
    [['a.f*', 'a.fo*', 'a.foo'], 'a.foo', ['a.f*', 'oo']],
    [['a.f*.x', 'a.*.y'], 'a.fo.y', ['a.*.y', 'fo']],
    [['a-b.c_d'], 'a-b.c_d', ['a-b.c_d']],
    [['a.*'], 'a.*', ['a.*', '*']],
  ])('ordered %j matches %j as %j', (globs, name, match) => {
    expect(found(globs, true, name)).toEqual(match);
  });

  it.each([
    [['a.*', 'a.b'], 'a.b', ['a.b']],
    [['*.b', 'a.*'], 'a.b', ['a.*', 'b']],
    [['a.*.c', 'a.b.x'], 'a.b.c', ['a.*.c', 'b']],
    [
      ['backtrack.*.bbb', 'backtrack.justatest.aaa'],
      'backtrack.justatest.bbb',
      ['backtrack.*.bbb', 'justatest'],
    ],
    [['*.*.*', 'a.*.*', 'a.b.*'], 'a.b.c', ['a.b.*', 'c']],
    [['a.*', 'a.f*', 'a.fo*', 'a.foo'], 'a.foo', ['a.foo']],
    [['a.*', 'a.f*', 'a.fo*', 'a.foo'], 'a.fox', ['a.fo*', 'x']],
    [['a.*', 'a.f*', 'a.fo*', 'a.foo'], 'a.fx', ['a.f*', 'x']],
    [['a.*', 'a.f*', 'a.fo*.x'], 'a.fox', ['a.f*', 'ox']],
    [['*.b.c', 'a.*.x', 'a.b.x'], 'a.b.c', ['*.b.c', 'a']],
  ])('unordered %j matches %j as %j', (globs, name, match) => {
    expect(found(globs, false, name)).toEqual(match);
  });

  it('tries the next rule if one is for other types', () => {
    const made = new GlobIndex<string>({ isOrdered: true });
    made.add('a.*', 'gauges', (type) => type === 'gauge');
    made.add('a.b', 'literal counters', (type) => type === 'counter');
    made.add('a.*', 'all', any);
    expect(['gauge', 'counter', 'observer'].map((type) => made.match('a.b', type)?.rule)).toEqual([
      'gauges',
      'literal counters',
      'all',
    ]);
  });

  it('tries the next rule if one excludes the name', () => {
    const made = new GlobIndex<string>({ isOrdered: true });
    made.add('a.*', 'but b', (_, name) => name !== 'a.b');
    made.add('*.*', 'all', any);
    expect(['a.a', 'a.b'].map((name) => made.match(name, 'counter')?.rule)).toEqual(['but b', 'all']);
  });

  it('finds the same rule as trying each in turn, if ordered', () => {
    const segment = fc.constantFrom('*', '*', 'a', 'b', 'c', 'a*', 'ab*');
    const glob = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'));
    const name = fc
      .array(fc.constantFrom('a', 'b', 'c', '', 'd', 'ab', 'abc'), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join('.'));
    fc.assert(
      fc.property(fc.array(glob, { maxLength: 12 }), name, (globs, given) => {
        const first = globs.find((pattern) => toRegex(pattern).test(given));
        const captures = first === undefined ? [] : (toRegex(first).exec(given) ?? []).slice(1);
        expect(found(globs, true, given)).toEqual(first === undefined ? undefined : [first, ...captures]);
      }),
    );
  });

  it('finds a rule whenever one matches, if unordered', () => {
    const segment = fc.constantFrom('*', 'a', 'b', 'a*', 'ab*');
    const glob = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'));
    const name = fc
      .array(fc.constantFrom('a', 'b', 'c', 'ab', 'abc'), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join('.'));
    fc.assert(
      fc.property(fc.array(glob, { maxLength: 12 }), name, (globs, given) => {
        const [rule] = found(globs, false, given) ?? [];
        expect(rule !== undefined).toBe(globs.some((pattern) => toRegex(pattern).test(given)));
        if (rule !== undefined) expect(toRegex(rule).test(given)).toBe(true);
      }),
    );
  });
});

function toRegex(glob: string): RegExp {
  return new RegExp(`^${glob.replaceAll('.', '\\.').replaceAll('*', '([^.]*)')}$`);
}
