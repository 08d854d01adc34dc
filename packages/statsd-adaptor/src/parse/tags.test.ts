import { describe, expect, it } from 'vitest';
import { TestAdaptor } from '../../testing/adaptor.ts';
import { checkLines } from '../../testing/check-lines.ts';

describe('DogStatsD tags', () => {
  checkLines([
    ['foo:1|c|#a:b', 'c foo{a="b"} 1'],
    ['foo:1|c|#a:b,c:d', 'c foo{a="b",c="d"} 1'],
    ['foo:1|c|#c:d,a:b', 'c foo{a="b",c="d"} 1'],
    ['foo:1|c|#a:b,#c:d', 'c foo{a="b",c="d"} 1'],
    ['foo:1|c|##a:b', 'c foo{a="b"} 1'],
    ['foo:1|c|#a:b,##c:d', 'c foo{a="b",_c="d"} 1'.replace('a="b",_c="d"', '_c="d",a="b"')],
    ['foo:1|c|#a:b|#c:d', 'c foo{a="b",c="d"} 1'],
    ['foo:1|c|#a:b,', 'c foo{a="b"} 1'],
    ['foo:1|c|#a:b,,', 'c foo{a="b"} 1', 'tag=1'],
    ['foo:1|c|#,a:b', 'c foo{a="b"} 1', 'tag=1'],
    ['foo:1|c|#', 'c foo 1'],
    ['foo:1|c|#,', 'c foo 1', 'tag=1'],
    ['foo:1|c|##', 'c foo 1', 'tag=1'],
    ['foo:1|c|#a', 'c foo 1', 'tag=1'],
    ['foo:1|c|#a:', 'c foo 1', 'tag=1'],
    ['foo:1|c|#:b', 'c foo 1', 'tag=1'],
    ['foo:1|c|#:', 'c foo 1', 'tag=1'],
    ['foo:1|c|#a:b,c', 'c foo{a="b"} 1', 'tag=1'],
    ['foo:1|c|#a=b', 'c foo 1', 'tag=1'],
    ['foo:1|c|#a:b:c', 'c foo{a="b:c"} 1'],
    ['foo:1|c|#url:http://x/y?z=1', 'c foo{url="http://x/y?z=1"} 1'],
    ['foo:1|c|#a:b=c', 'c foo{a="b=c"} 1'],
    ['foo:1|c|#a:b,a:c', 'c foo{a="c"} 1'],
    ['foo:1|c|#a.b:c,a_b:d', 'c foo{a_b="d"} 1'],
    ['foo:1|c|#a-b.c:d', 'c foo{a_b_c="d"} 1'],
    ['foo:1|c|#0:d', 'c foo{_0="d"} 1'],
    ['foo:1|c|#ü:d', 'c foo{_="d"} 1'],
    ['foo:1|c|#a:ü😱', 'c foo{a="ü😱"} 1'],
    ['foo:1|c|#a: b ', 'c foo{a=" b "} 1'],
    ['foo:1|c|#a:"x"', 'c foo{a="\\"x\\""} 1'],
    ['foo:1|c|#a:b\\c', 'c foo{a="b\\\\c"} 1'],
    ['foo:1|c|#a:\\n', 'c foo{a="\\\\n"} 1'],
    ['foo:1|c|#__name__:x', 'c foo 1', 'tag=1'],
    ['foo:1|c|#__a:x,b:c', 'c foo{b="c"} 1', 'tag=1'],
    ['foo:1|c|#..a:x', 'c foo 1', 'tag=1'],
    ['foo:1|c|#_a:x', 'c foo{_a="x"} 1'],
    ['foo:1|c|#__proto__:x', 'c foo 1', 'tag=1'],
    ['foo:1|ms|#quantile:x', 'o foo 0.001/1', 'tag=1'],
    ['foo:1|ms|#quantile:x,a:b', 'o foo{a="b"} 0.001/1', 'tag=1'],
    ['foo:1|c|#quantile:x', 'c foo{quantile="x"} 1'],
    ['foo:1|ms|#le:x', 'o foo{le="x"} 0.001/1'],
    ['foo:1|c|#le:x', 'c foo{le="x"} 1'],
    ['foo.bar:1|g|#a:b', 'g foo_bar{a="b"} 1'],
    ['foo:a|s|#a:b', 's foo{a="b"} 1'],
    ['foo:200|ms|#a:b', 'o foo{a="b"} 0.2/1'],
    ['foo:x|c|#a', '', 'malformed_value'],
    ['foo:1|x|#a', '', ['illegal_event', 'tag=1']],
  ]);
});

describe('DogStatsD sections', () => {
  checkLines([
    ['foo:1|c|#a:b|c:83c0a99c0a54', 'c foo{a="b",container_id="83c0a99c0a54"} 1'],
    ['foo:1|c|c:83c0a99c0a54|#a:b', 'c foo{a="b",container_id="83c0a99c0a54"} 1'],
    ['foo:1|c|#a:b|c:', '', 'malformed_container_id'],
    ['foo:1|c|#a:b|c', '', 'malformed_container_id'],
    ['foo:1|c|#a:b|cx', '', 'malformed_container_id'],
    ['foo:1|c|#a:b|car', '', 'malformed_container_id'],
    ['foo:1|c|#a:b|card', '', 'malformed_container_id'],
    ['foo:1|c|#a|c:', '', ['malformed_container_id', 'tag=1']],
    ['foo:1|c|c:in-1234', 'c foo{container_id="in-1234"} 1'],
    ['foo:1|c|c:a:b|#x:y', 'c foo{container_id="a:b",x="y"} 1'],
    ['foo:1|c|#container_id:x|c:y', 'c foo{container_id="y"} 1'],
    ['foo:1|c|T1656581400', 'c foo 1'],
    ['foo:1|c|T', 'c foo 1'],
    ['foo:1|c|Tx', 'c foo 1'],
    ['foo:1|c|#a:b|T1656581400', 'c foo{a="b"} 1'],
    ['foo:1|g|#a:b|T1656581400|c:x', 'g foo{a="b",container_id="x"} 1'],
    ['foo:1|c|t1', '', 'invalid_sample_factor'],
    ['foo:1|c|e:', 'c foo 1'],
    ['foo:1|c|#a:b|e:it-false,cn-web,pu-1', 'c foo{a="b"} 1'],
    ['foo:1|c|#a:b|card:none', 'c foo{a="b"} 1'],
    ['foo:1|c|@0.5|#a:b|c:in-1|e:it-false|card:low|T1', 'c foo{a="b",container_id="in-1"} 2'],
    ['foo:1|c|@0.5|@1|#a:b|c:in-1|T1', '', 'malformed_component'],
    ['foo:1|c|#a:b|x:y', '', 'invalid_sample_factor'],
  ]);

  it('counts events and service checks, but not as errors', () => {
    const adaptor = new TestAdaptor().send(
      '_e{5,4}:title|text',
      '_e{5,4}:title|text|d:1|h:host|#a:b\n_sc|name|0|m:all fine',
      '_sc|name|1|#a:b',
      'foo:1|c',
    );
    expect(adaptor.brief()).toEqual(['c foo 1']);
    expect(adaptor.errors()).toEqual([]);
    expect(adaptor.counts).toMatchObject({
      dogstatsdEvents: 2,
      dogstatsdServiceChecks: 2,
      lines: 5,
      samples: 1,
    });
  });
});

describe('tags in the name', () => {
  checkLines([
    ['foo#a=b:1|c', 'c foo{a="b"} 1'],
    ['foo#a=b,c=d:1|c', 'c foo{a="b",c="d"} 1'],
    ['foo,a=b:1|c', 'c foo{a="b"} 1'],
    ['foo,a=b,c=d:1|c', 'c foo{a="b",c="d"} 1'],
    ['foo[a=b]:1|c', 'c foo{a="b"} 1'],
    ['foo[a=b,c=d]:1|c', 'c foo{a="b",c="d"} 1'],
    ['[a=b,c=d]foo:1|c', 'c foo{a="b",c="d"} 1'],
    ['fo[a=b]o:1|c', 'c foo{a="b"} 1'],
    ['foo[]:1|c', 'c foo 1'],
    ['foo#:1|c', 'c foo 1'],
    ['foo,:1|c', 'c foo 1'],
    ['foo,a=b,:1|c', 'c foo{a="b"} 1'],
    ['foo[a=b,]:1|c', 'c foo{a="b"} 1'],
    ['foo,,a=b:1|c', 'c foo{a="b"} 1', 'tag=1'],
    ['foo#,a=b:1|c', 'c foo{a="b"} 1', 'tag=1'],
    ['foo,a:1|c', 'c foo 1', 'tag=1'],
    ['foo,a=:1|c', 'c foo 1', 'tag=1'],
    ['foo,=b:1|c', 'c foo 1', 'tag=1'],
    ['foo,=:1|c', 'c foo 1', 'tag=1'],
    ['foo#a,b,c=d:1|c', 'c foo{c="d"} 1', 'tag=2'],
    ['foo[a]:1|c', 'c foo 1', 'tag=1'],
    ['foo,a=b=c:1|c', 'c foo{a="b=c"} 1'],
    ['foo,a=b#c=d:1|c', 'c foo{a="b#c=d"} 1'],
    ['foo#a=b,c=d#e:1|c', 'c foo{a="b",c="d#e"} 1'],
    ['foo#a=b#c:1|c', 'c foo{a="b#c"} 1'],
    ['foo,#a=b:1|c', 'c foo{_a="b"} 1'],
    ['foo,a=b,a=c:1|c', 'c foo{a="c"} 1'],
    ['foo,a.b=c:1|c', 'c foo{a_b="c"} 1'],
    ['foo,__a=c:1|c', 'c foo 1', 'tag=1'],
    ['foo,a=ü:1|c', 'c foo{a="ü"} 1'],
    ['foo.bar,a=b:1|ms', 'o foo_bar{a="b"} 0.001/1'],
    ['foo]:1|c', 'c foo_ 1', 'tag=1'],
    ['foo[:1|c', 'c foo_ 1', 'tag=1'],
    ['foo[a=b:1|c', 'c foo_a_b 1', 'tag=1'],
    ['foo]a=b[:1|c', 'c foo_a_b_ 1', 'tag=1'],
    ['a]b=c[d:1|c', 'c a_b_c_d 1', 'tag=1'],
    ['foo],a=b:1|c', 'c foo__a_b 1', 'tag=1'],
    ['foo[a=b],c=d:1|c', 'c foo_c_d{a="b"} 1'],
    ['foo[a=b][c=d]:1|c', 'c foo_c_d_{a="b"} 1'],
    ['foo[[a=b]]:1|c', 'c foo_{_a="b"} 1'],
    ['foo,a=b:x|c', '', 'malformed_value'],
    ['foo,a:x|c', '', ['malformed_value', 'tag=1']],
    ['foo,a=b:1|c|@0.5', 'c foo{a="b"} 2'],
    ['foo,a=b:1|c|c:id', 'c foo{a="b",container_id="id"} 1'],
    ['foo,a=b:1|c|#c:d', '', 'mixed_tagging_styles'],
    ['foo#a=b:1|c|#c:d', '', 'mixed_tagging_styles'],
    ['foo[a=b]:1|c|#c:d', '', 'mixed_tagging_styles'],
    ['foo[a=b]:1|c|@0.1|#c:d', '', 'mixed_tagging_styles'],
    ['foo,a=b:1|c:2|c|#c:d', '', 'mixed_tagging_styles'],
    ['foo,a=b:1|c|#', '', 'mixed_tagging_styles'],
    ['foo,a=b:|#c:d', '', 'mixed_tagging_styles'],
    ['foo,a:1|c|#c:d', 'c foo{c="d"} 1', 'tag=1'],
    ['foo,a=b,c:1|c|#c:d', '', ['mixed_tagging_styles', 'tag=1']],
    ['foo[]:1|c|#c:d', 'c foo{c="d"} 1'],
  ]);
});

describe('without DogStatsD tags', () => {
  checkLines(
    [
      ['foo:1|c|#a:b', 'c foo 1'],
      ['foo:1|c|#a', 'c foo 1'],
      ['foo:1|c|#a:b|@0.5', 'c foo 2'],
      ['foo,a=b:1|c', 'c foo{a="b"} 1'],
      ['foo,a=b:1|c|#c:d', '', 'mixed_tagging_styles'],
      ['foo:1|c:2|c', 'c foo 3'],
      ['_e{5,4}:title|text', '', ['malformed_value', 'tag=1']],
      ['_sc|name|0', '', 'malformed_line'],
    ],
    { dogstatsd: false },
  );
});

describe('without InfluxDB tags', () => {
  checkLines(
    [
      ['foo,a=b:1|c', 'c foo_a_b 1'],
      ['foo#a=b:1|c', 'c foo{a="b"} 1'],
      ['foo,x#a=b:1|c', 'c foo_x{a="b"} 1'],
      ['foo[a=b]:1|c', 'c foo{a="b"} 1'],
      ['foo,a=b:1|c|#c:d', 'c foo_a_b{c="d"} 1'],
    ],
    { influxdb: false },
  );
});

describe('without Librato tags', () => {
  checkLines(
    [
      ['foo#a=b:1|c', 'c foo_a_b 1'],
      ['foo,a=b:1|c', 'c foo{a="b"} 1'],
      ['foo#x,a=b:1|c', 'c foo_x{a="b"} 1'],
      ['#a=b:1|c', 'c _a_b 1'],
    ],
    { librato: false },
  );
});

describe('without SignalFX tags', () => {
  checkLines(
    [
      ['foo[a=b]:1|c', 'c foo_a_b_ 1'],
      ['foo[a=b,c=d]:1|c', 'c foo_a_b{c="d]"} 1'],
      ['foo]:1|c', 'c foo_ 1'],
      ['foo,a=b]:1|c', 'c foo{a="b]"} 1'],
    ],
    { signalfx: false },
  );
});

describe('without any tags', () => {
  checkLines(
    [
      ['foo,a=b#c=d[e=f]:1|c|#g:h', 'c foo_a_b_c_d_e_f_ 1'],
      ['foo:1|c|c:id', 'c foo{container_id="id"} 1'],
    ],
    { dogstatsd: false, influxdb: false, librato: false, signalfx: false },
  );
});

describe('Graphite tags', () => {
  checkLines([
    ['foo;a=b:1|c', 'c foo_a_b 1'],
    ['foo;a=b:1|c|#c:d', 'c foo_a_b{c="d"} 1'],
  ]);

  checkLines(
    [
      ['foo;a=b:1|c', 'c foo{a="b"} 1'],
      ['foo;a=b;c=d:1|g', 'g foo{a="b",c="d"} 1'],
      ['foo;a=b;:1|c', 'c foo{a="b"} 1'],
      ['foo;a=b,c;d=e=f:1|c', 'c foo{a="b,c",d="e=f"} 1'],
      ['foo;a-b=c:1|c', 'c foo{a_b="c"} 1'],
      ['foo;a=b;a=c:1|c', 'c foo{a="c"} 1'],
      ['foo;:1|c', 'c foo 1'],
      ['foo;;a=b:1|c', 'c foo{a="b"} 1', 'tag=1'],
      ['foo;a:1|c', 'c foo 1', 'tag=1'],
      ['foo;a=:1|c', 'c foo 1', 'tag=1'],
      ['foo;__a=b:1|c', 'c foo 1', 'tag=1'],
      [';a=b:1|c', '', 'empty_metric_name'],
      ['foo,a=b;c=d:1|c', 'c foo{a="b;c=d"} 1'],
      ['foo;a=b#c=d:1|c', 'c foo{a="b#c=d"} 1'],
      ['foo[a=b];c=d:1|c', 'c foo_c_d{a="b"} 1'],
      ['foo;a=b:1|c|#c:d', '', 'mixed_tagging_styles'],
      ['foo;a=b:1:2|ms', 'o foo{a="b"} 0.003/2'],
      ['foo:1|c|#a:b;c', 'c foo{a="b;c"} 1'],
    ],
    { graphite: true },
  );
});
