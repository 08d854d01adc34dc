// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates of a mapping file look like this
import { describe, expect, it } from 'vitest';
import { TestAdaptor } from '../../testing/adaptor.ts';

type Row = readonly [line: string, series: string | readonly string[]];

function check(mapping: string, rows: readonly Row[]): void {
  it.each(rows)('%j makes %j', (line, series) => {
    expect(new TestAdaptor({ mapping }).send(line).brief()).toEqual(
      typeof series === 'string' ? [series] : series,
    );
  });
}

describe('a ttl by type', () => {
  const mapping = `
defaults:
  ttl: 1h
  ttl_by_type: { gauge: 10s, set: 1s, observer: 0 }
mappings:
- { match: "own.*", name: "own_$1", ttl: 1m }
- { match: "none.*", name: "none_$1" }`;

  it('replaces the default; a rule’s own ttl wins', () => {
    const types = ['c', 'g', 'h', 's'];
    const names = ['own', 'none', 'x'].flatMap((name) => types.map((type) => `${name}.${type}:1|${type}`));
    const adaptor = new TestAdaptor({ mapping }).send(...names);
    const left = () => adaptor.brief().map((line) => line.split(' ')[1]);
    const own = ['own_c', 'own_g', 'own_h', 'own_s'];
    adaptor.pass(5000);
    expect(left().sort()).toEqual(['none_c', 'none_g', 'none_h', ...own, 'x_c', 'x_g', 'x_h']);
    adaptor.pass(10_000);
    expect(left().sort()).toEqual(['none_c', 'none_h', ...own, 'x_c', 'x_h']);
    adaptor.pass(60_000);
    expect(left().sort()).toEqual(['none_c', 'none_h', 'x_c', 'x_h']);
    adaptor.pass(3_600_000);
    expect(left().sort()).toEqual(['none_h', 'x_h']);
  });
});

describe('a segment that ends with a star', () => {
  check(
    `
mappings:
- { match: "a.foo_*", name: "foo_$1", labels: { what: "\${1}" } }
- { match: "a*.b*.*", name: m, labels: { one: $1, two: $2, three: $3, four: $4 } }`,
    [
      ['a.foo_bar:1|c', 'c foo_bar{what="bar"} 1'],
      ['a.foo_:1|c', 'c foo_{what=""} 1'],
      ['a.fo:1|c', 'c a_fo 1'],
      ['ax.by.z:1|c', 'c m{four="",one="x",three="z",two="y"} 1'],
    ],
  );
});

describe('names that a rule excludes', () => {
  check(
    `
mappings:
- { match: "web.*", name: web, exclude: [web.health, "web.tmp_*", "*.x"] }
- { match: "web.*", name: rest, match_metric_type: counter }
- { match: "^re[.]", match_type: regex, name: re, exclude: ["[0-9]$"] }
- { match: "^re[.]", match_type: regex, name: number }`,
    [
      ['web.home:1|c', 'c web 1'],
      ['web.health:1|c', 'c rest 1'],
      ['web.tmp_1:1|c', 'c rest 1'],
      ['web.x:1|c', 'c rest 1'],
      ['web.x:1|g', 'g web_x 1'],
      ['re.a:1|c', 'c re 1'],
      ['re.1:1|c', 'c number 1'],
    ],
  );
});

describe('labels of a line', () => {
  const tags = '|#a:1,b:2,c:3';
  const rule = (fields: string) => `mappings: [{ match: m, name: m, ${fields} }]`;
  it.each([
    [rule('drop_labels: [a, c]'), '{b="2"}'],
    [rule('drop_labels: [nope]'), '{a="1",b="2",c="3"}'],
    [rule('keep_labels: [a, nope]'), '{a="1"}'],
    [rule('keep_labels: []'), ''],
    [rule('keep_labels: [a, b], drop_labels: [a]'), '{b="2"}'],
    [rule('rename_labels: { a: x }'), '{b="2",c="3",x="1"}'],
    [rule('rename_labels: { a: b, b: a }'), '{a="2",b="1",c="3"}'],
    [rule('rename_labels: { a: b }'), '{b="1",c="3"}'],
    [rule('rename_labels: { a: x }, drop_labels: [x]'), '{b="2",c="3",x="1"}'],
    [rule('keep_labels: [a], rename_labels: { a: x }'), '{x="1"}'],
    [rule('drop_labels: [a], labels: { aa: r }'), '{aa="r",b="2",c="3"}'],
    [rule('rename_labels: { a: aa }, labels: { aa: r }'), '{aa="r",b="2",c="3"}'],
    [rule('rename_labels: { a: aa }, labels: { aa: r }, honor_labels: true'), '{aa="1",b="2",c="3"}'],
    ['defaults: { keep_labels: [a] }', '{a="1"}'],
    [`defaults: { keep_labels: [a] }\n${rule('honor_labels: true')}`, '{a="1"}'],
    [`defaults: { keep_labels: [a] }\n${rule('keep_labels: [b]')}`, '{b="2"}'],
    [`defaults: { drop_labels: [a] }\n${rule('drop_labels: []')}`, '{a="1",b="2",c="3"}'],
    [`defaults: { drop_labels: [a] }\n${rule('drop_labels:')}`, '{b="2",c="3"}'],
  ])('edited by %j are %j', (mapping, labels) => {
    expect(new TestAdaptor({ mapping }).send(`m:1|c${tags}`).brief()).toEqual([`c m${labels} 1`]);
  });

  it('that differ only in dropped labels are one series', () => {
    const mapping = 'defaults: { drop_labels: [request] }';
    const lines = Array.from({ length: 100 }, (_, at) => `m:1|c|#request:${at},route:r`);
    expect(new TestAdaptor({ mapping }).send(...lines).brief()).toEqual(['c m{route="r"} 100']);
  });

  it('that are reserved for a summary can be renamed', () => {
    const mapping = 'defaults: { rename_labels: { quantile: part } }';
    const adaptor = new TestAdaptor({ mapping }).send('m:1|h|#quantile:upper');
    expect([adaptor.brief(), adaptor.errors()]).toEqual([['o m{part="upper"} 1/1'], []]);
  });
});

describe('a prefix', () => {
  check(
    `
defaults: { prefix: app_ }
mappings:
- { match: "own.*", name: "$1", prefix: own_ }
- { match: "none.*", name: "$1", prefix: "" }
- { match: "mapped.*", name: "$1" }`,
    [
      ['a.b:1|c', 'c app_a_b 1'],
      ['1:1|c', 'c app_1 1'],
      ['mapped.x:1|c', 'c app_x 1'],
      ['mapped.1:1|c', 'c app_1 1'],
      ['own.x:1|c', 'c own_x 1'],
      ['none.x:1|c', 'c x 1'],
      ['none.1:1|c', 'c _1 1'],
      ['mapped.:1|c', []],
    ],
  );
});
