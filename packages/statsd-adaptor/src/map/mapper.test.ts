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

describe('globs in the order of the file', () => {
  check(
    `
mappings:
- match: test.dispatcher.*.*.*
  name: dispatch_events
  labels: { processor: $1, action: $2, result: $3, job: test_dispatcher }
- match: request_time.*.*.*.*.*.*.*.*.*.*
  name: http_request
  labels: { first: "\${1}", tenth: "\${10}", both: "$1-$10" }
- match: page.*.*
  name: page_\${1}
  labels: { what: "\${2}_x", lost: "$2_x", none: $3 }
- match: page.index.views
  name: never
- match: "*.*"
  name: catchall
  labels: { first: $1, second: $2, third: $3, job: $1-$2-$3 }
- match: a.b.c.d
  name: long
- match: a.b.c
  name: prefix_of_long
- match: drop.it.*
  name: nothing
  action: drop
- match: "*.empty.*"
  name: "$2"
- match: fixed-dash.x.y
  name: fixed
  labels: { percent: "100%", dollar: "a$", text: "%s%d" }
`,
    [
      [
        'test.dispatcher.Foo.send.ok:1|c',
        'c dispatch_events{action="send",job="test_dispatcher",processor="Foo",result="ok"} 1',
      ],
      ['test.dispatcher.Foo.send:1|c', 'c test_dispatcher_Foo_send 1'],
      ['request_time.a.b.c.d.e.f.g.h.i.j:1|c', 'c http_request{both="a-j",first="a",tenth="j"} 1'],
      ['page.index.views:1|c', 'c page_index{lost="",none="",what="views_x"} 1'],
      ['page.a-b.views:1|c', 'c page_a_b{lost="",none="",what="views_x"} 1'],
      ['page..views:1|c', 'c page_{lost="",none="",what="views_x"} 1'],
      ['foo.bar:1|c', 'c catchall{first="foo",job="foo-bar-",second="bar",third=""} 1'],
      ['.:1|c', 'c catchall{first="",job="--",second="",third=""} 1'],
      ['foo:1|c', 'c foo 1'],
      ['foo.bar.baz:1|c', 'c foo_bar_baz 1'],
      ['a.b.c.d:1|c', 'c long 1'],
      ['a.b.c:1|c', 'c prefix_of_long 1'],
      ['drop.it.now:1|c', []],
      ['x.empty.:1|c', []],
      ['x.empty.y:1|c', 'c y 1'],
      ['fixed-dash.x.y:1|c', 'c fixed{dollar="a$",percent="100%",text="%s%d"} 1'],
      [
        'foo.bar:1|c|#first:mine,tag:t',
        'c catchall{first="foo",job="foo-bar-",second="bar",tag="t",third=""} 1',
      ],
      ['foo.bar,x=y:1|c', 'c catchall{first="foo",job="foo-bar-",second="bar",third="",x="y"} 1'],
      ['foo."b\\:1|c', 'c catchall{first="foo",job="foo-\\"b\\\\-",second="\\"b\\\\",third=""} 1'],
    ],
  );

  it('reports empty names', () => {
    const adaptor = new TestAdaptor({ mapping: 'mappings: [{ match: "a.*", name: "$1" }]' }).send(
      'a.:1|c',
      'a.b:1|c',
    );
    expect([adaptor.brief(), adaptor.errors()]).toEqual([['c b 1'], ['empty_metric_name']]);
  });
});

describe('globs without order', () => {
  check(
    `
defaults: { glob_disable_ordering: true }
mappings:
- { match: "*.*", name: stars }
- { match: "a.*", name: star }
- { match: a.b, name: literal }
- { match: backtrack.*.bbb, name: testb, labels: { label: "\${1}_foo" } }
- { match: backtrack.justatest.aaa, name: testa }
`,
    [
      ['x.y:1|c', 'c stars 1'],
      ['a.y:1|c', 'c star 1'],
      ['a.b:1|c', 'c literal 1'],
      ['backtrack.good.bbb:1|c', 'c testb{label="good_foo"} 1'],
      ['backtrack.justatest.bbb:1|c', 'c testb{label="justatest_foo"} 1'],
      ['backtrack.justatest.aaa:1|c', 'c testa 1'],
    ],
  );
});

describe('regular expressions, after all globs', () => {
  check(
    `
mappings:
- match: (.*)\\.(.*)-(.*)\\.(.*)
  match_type: regex
  name: proxy_requests_total
  labels: { job: $1, protocol: $2, endpoint: $3, result: "\${4}!", all: $0, dollar: $$ }
- match: exact\\.?(?P<rest>.*)?
  match_type: regex
  name: named
  labels: { rest: $rest }
- match: ^gauge\\.
  match_type: regex
  match_metric_type: gauge
  name: gauges_only
- match: (?i)^CASE$
  match_type: regex
  name: lower
- match: drop$
  match_type: regex
  name: x
  action: drop
- match: "*.glob-wins.*"
  name: glob
`,
    [
      [
        'proxy-1.http-goober.success:1|c',
        'c proxy_requests_total{all="proxy-1.http-goober.success",dollar="$",endpoint="goober",job="proxy-1",protocol="http",result="success!"} 1',
      ],
      ['x.glob-wins.y:1|c', 'c glob 1'],
      ['in.exact.y:1|c', 'c named{rest="y"} 1'],
      ['gauge.x:1|g', 'g gauges_only 1'],
      ['gauge.x:1|c', 'c gauge_x 1'],
      ['case:1|c', 'c lower 1'],
      ['CaSe:1|c', 'c lower 1'],
      ['please.drop:1|c', []],
      ['dropped:1|c', 'c dropped 1'],
    ],
  );

  it('matches in time proportional to the name', () => {
    const mapping = "mappings: [{ match: '^(a+)+$', match_type: regex, name: x }]";
    const adaptor = new TestAdaptor({ mapping }).send(`${'a'.repeat(4000)}!:1|c`);
    expect(adaptor.registry.seriesCount).toBe(1);
  });
});

describe('rules for one type', () => {
  check(
    `
mappings:
- { match: "a.*", name: a_counter, match_metric_type: counter }
- { match: "a.*", name: a_gauge, match_metric_type: gauge }
- { match: "a.*", name: an_observer, match_metric_type: observer }
- { match: "b.*", name: no_set, match_metric_type: gauge }
- { match: "b.*", name: any }
`,
    [
      ['a.x:1|c', 'c a_counter 1'],
      ['a.x:1|g', 'g a_gauge 1'],
      ['a.x:1|ms', 'o an_observer 0.001/1'],
      ['a.x:1|h', 'o an_observer 1/1'],
      ['a.x:1|d', 'o an_observer 1/1'],
      ['a.x:1|s', 's a_x 1'],
      ['b.x:1|g', 'g no_set 1'],
      ['b.x:1|s', 's any 1'],
    ],
  );
});

describe('labels', () => {
  check(
    `
mappings:
- { match: "over.*", name: over, labels: { tag: rule } }
- { match: "honor.*", name: honor, labels: { tag: rule, other: rule }, honor_labels: true }
- { match: "sum.*", name: sum, labels: { quantile: "0.5", ok: yes } }
- { match: "hist.*", name: hist, observer_type: histogram, labels: { le: "0.5", ok: yes } }
`,
    [
      ['over.x:1|c|#tag:mine', 'c over{tag="rule"} 1'],
      ['honor.x:1|c|#tag:mine', 'c honor{other="rule",tag="mine"} 1'],
      ['honor.x:1|c', 'c honor{other="rule",tag="rule"} 1'],
      ['sum.x:1|h', 'o sum{ok="yes"} 1/1'],
      ['sum.x:1|g', 'g sum{ok="yes",quantile="0.5"} 1'],
      ['hist.x:1|h', 'o hist{ok="yes"} 1/1'],
      ['hist.x:1|g', 'g hist{le="0.5",ok="yes"} 1'],
    ],
  );

  it('of one sample do not reach the next', () => {
    const mapping =
      'mappings: [{ match: "a", name: a, labels: { rule: x }, match_metric_type: counter }, { match: "a", name: b }]';
    expect(new TestAdaptor({ mapping }).send('a:1|c:2|g').brief()).toEqual(['c a{rule="x"} 1', 'g b 2']);
  });
});

describe('scale', () => {
  check(
    `
mappings:
- { match: "bytes.*", name: bytes, scale: 1024 }
- { match: "less.*", name: less, scale: 1e-3 }
- { match: "neg.*", name: neg, scale: -1 }
- { match: "zero.*", name: zero, scale: 0 }
`,
    [
      ['bytes.x:2|c', 'c bytes 2048'],
      ['bytes.x:2|g', 'g bytes 2048'],
      ['bytes.x:2|h', 'o bytes 2048/1'],
      ['bytes.x:1|c|@0.5', 'c bytes 2048'],
      ['less.x:5|ms', 'o less 0.000005/1'],
      ['neg.x:5|c', []],
      ['neg.x:-5|c', 'c neg 5'],
      ['neg.x:+5|g', 'g neg -5'],
      ['zero.x:5|c', 'c zero 0'],
    ],
  );
});

describe('observer types', () => {
  it.each([
    ['', 'h', 'summary'],
    ['defaults: { observer_type: histogram }', 'h', 'histogram'],
    ['defaults: { observer_type: histogram }', 'ms', 'histogram'],
    ['mappings: [{ match: a, name: a, observer_type: histogram }]', 'd', 'histogram'],
    [
      'defaults: { observer_type: histogram }\nmappings: [{ match: a, name: a, observer_type: summary }]',
      'h',
      'summary',
    ],
    ['defaults: { observer_type: histogram }\nmappings: [{ match: a, name: a }]', 'h', 'histogram'],
  ])('%j makes type %s a %s', (mapping, type, kind) => {
    const adaptor = new TestAdaptor({ mapping }).send(`a:1|${type}`);
    expect(adaptor.registry.families.get('a')?.kind).toBe(kind);
  });

  it('take buckets and quantiles from the rule, or else from the defaults', () => {
    const mapping = `
defaults: { histogram_options: { buckets: [1, 2] }, summary_options: { quantiles: [{ quantile: 0.25, error: 0.1 }] } }
mappings:
- { match: "h.*", name: "h_$1", observer_type: histogram, histogram_options: { buckets: [0.5] } }
- { match: "i.*", name: "i_$1", observer_type: histogram }`;
    const adaptor = new TestAdaptor({ mapping }).send('h.x:1|h', 'i.x:1|h', 's:1|h');
    expect(adaptor.samples().filter((line) => line.includes('"'))).toEqual([
      'h_x_bucket{le="0.5"} 0',
      'h_x_bucket{le="+Inf"} 1',
      'i_x_bucket{le="1"} 1',
      'i_x_bucket{le="2"} 1',
      'i_x_bucket{le="+Inf"} 1',
      's{quantile="0.25"} 1',
    ]);
  });
});

describe('ttl', () => {
  const mapping = `
defaults: { ttl: 10s }
mappings:
- { match: "long.*", name: "long_$1", ttl: 1h }
- { match: "ever.*", name: "ever_$1", ttl: 0 }
- { match: "short.*", name: "short_$1", ttl: 500ms }`;

  it('is the rule’s, or else the default; 0 is for ever', () => {
    const adaptor = new TestAdaptor({ mapping }).send('long.x:1|c', 'ever.x:1|c', 'short.x:1|c', 'other:1|c');
    expect(adaptor.pass(2000).brief()).toEqual(['c ever_x 1', 'c long_x 1', 'c other 1']);
    expect(adaptor.pass(10_000).brief()).toEqual(['c ever_x 1', 'c long_x 1']);
    expect(adaptor.pass(3_600_000).brief()).toEqual(['c ever_x 1']);
  });

  it('starts again with each sample', () => {
    const adaptor = new TestAdaptor({ mapping });
    for (let second = 0; second < 30; second += 5) adaptor.send('other:1|c').pass(5000);
    expect(adaptor.brief()).toEqual(['c other 6']);
    expect(adaptor.pass(11_000).brief()).toEqual([]);
    expect(adaptor.counts.expired).toBe(1);
  });
});

describe('the cache', () => {
  it.each([[0], [1], [2], [1000]])('of %d names changes no result', (cacheSize) => {
    const mapping =
      'mappings: [{ match: "a.*", name: "x_$1" }, { match: "b", name: y, match_metric_type: gauge }]';
    const adaptor = new TestAdaptor({ mapping, cacheSize });
    for (let round = 0; round < 3; round++)
      adaptor.send('a.a:1|c', 'a.b:1|c|#t:1', 'b:1|g', 'b:1|c', 'c:1|c');
    expect(adaptor.brief()).toEqual(['c b 3', 'c c 3', 'c x_a 3', 'c x_b{t="1"} 3', 'g y 1']);
  });
});
