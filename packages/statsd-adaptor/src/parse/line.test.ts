import { describe, expect, it } from 'vitest';
import { TestAdaptor } from '../../testing/adaptor.ts';
import type { Dialects } from './tags.ts';

/** A datagram, the series it makes and what is not taken of it; see `TestAdaptor.brief` and `.errors`. */
type Row = readonly [
  line: string | Buffer,
  series?: readonly string[] | string,
  errors?: readonly string[] | string,
];

const list = (value: readonly string[] | string | undefined): readonly string[] =>
  value === undefined || value === '' ? [] : typeof value === 'string' ? [value] : value;

function check(rows: readonly Row[], dialects: Partial<Dialects> = {}): void {
  it.each(rows.map(([line, series, errors]) => ({ line, series: list(series), errors: list(errors) })))(
    '$line → $series $errors',
    ({ line, series, errors }) => {
      const adaptor = new TestAdaptor({ dialects }).send(line);
      expect({ series: adaptor.brief(), errors: adaptor.errors() }).toEqual({
        series: [...series].sort(),
        errors: [...errors].sort(),
      });
    },
  );
}

describe('plain lines', () => {
  check([
    ['foo:1|c', 'c foo 1'],
    ['foo:1.5|c', 'c foo 1.5'],
    ['foo:0|c', 'c foo 0'],
    ['foo:-0|c', 'c foo 0'],
    ['foo:+3|c', 'c foo 3'],
    ['foo:1e3|c', 'c foo 1000'],
    ['foo:0x1p4|c', 'c foo 16'],
    ['foo:1_000|c', 'c foo 1000'],
    ['foo:.5|c', 'c foo 0.5'],
    ['foo:1.|c', 'c foo 1'],
    ['foo:3|g', 'g foo 3'],
    ['foo:-3|g', 'g foo -3'],
    ['foo:+3|g', 'g foo 3'],
    ['foo:nan|g', 'g foo NaN'],
    ['foo:inf|g', 'g foo Infinity'],
    ['foo:-Inf|g', 'g foo -Infinity'],
    ['foo:200|ms', 'o foo 0.2/1'],
    ['foo:0.1|ms', 'o foo 0.0001/1'],
    ['foo:200|h', 'o foo 200/1'],
    ['foo:200|d', 'o foo 200/1'],
    ['foo:-5|ms', 'o foo -0.005/1'],
    ['foo:-5|h', 'o foo -5/1'],
    ['foo:123456789012345678|h', 'o foo 123456789012345680/1'],
    ['foo:a|s', 's foo 1'],
    ['foo:1|s', 's foo 1'],
    ['foo:some text: with colons|s', 's foo 1'],
    ['foo:ünï|s', 's foo 1'],
    ['foo.bar-baz:1|c', 'c foo_bar_baz 1'],
    ['1foo:1|c', 'c _1foo 1'],
    ['foo bar:1|c', 'c foo_bar 1'],
    ['foo😱:1|c', 'c foo_ 1'],
    ['a--b:1|c', 'c a_b 1'],
    ['__name__:1|c', 'c __name__ 1'],
    ['-:1|c', 'c _ 1'],
    ['.:1|c', 'c _ 1'],
    ['constructor:1|c', 'c constructor 1'],
    ['__proto__:1|g', 'g __proto__ 1'],
    ['toString:1|c|#valueOf:x', 'c toString{valueOf="x"} 1'],
    ['foo:1|c\r', 'c foo 1'],
    ['foo:a|s\r', 's foo 1'],
  ]);
});

describe('lines that are not taken', () => {
  check([
    [''],
    ['\n'],
    ['\n\n\n'],
    ['\r'],
    ['\r\n'],
    [':', '', 'malformed_line'],
    ['foo', '', 'malformed_line'],
    ['foo|c', '', 'malformed_line'],
    ['foo|1|c', '', 'malformed_line'],
    [':1|c', '', 'malformed_line'],
    ['::1|c', '', 'malformed_line'],
    [' ', '', 'malformed_line'],
    ['_', '', 'malformed_line'],
    ['_e', '', 'malformed_line'],
    [Buffer.from('foo:1|c|#a:\xff', 'latin1'), '', 'malformed_line'],
    [Buffer.from('f\xffo:1|c', 'latin1'), '', 'malformed_line'],
    [Buffer.from('foo:\xff|c', 'latin1'), '', 'malformed_line'],
    [Buffer.from('foo:\xff|s', 'latin1'), '', 'malformed_line'],
    [Buffer.from('\xff', 'latin1'), '', 'malformed_line'],
    [Buffer.from('\xff:1', 'latin1'), '', 'malformed_line'],
    [Buffer.from([0xed, 0xa0, 0x80, 0x3a, 0x31, 0x7c, 0x63]), '', 'malformed_line'],
    ['foo:', '', 'not_enough_parts_after_colon'],
    ['foo:1', '', 'not_enough_parts_after_colon'],
    ['foo:1:2', '', 'not_enough_parts_after_colon'],
    ['foo::', '', 'not_enough_parts_after_colon'],
    ['foo:c', '', 'not_enough_parts_after_colon'],
    ['foo:1#c', '', 'not_enough_parts_after_colon'],
    ['foo:|c', '', 'malformed_value'],
    ['foo:|', '', 'malformed_value'],
    ['foo:||', '', 'malformed_value'],
    ['foo: |c', '', 'malformed_value'],
    ['foo: 1|c', '', 'malformed_value'],
    ['foo:1 |c', '', 'malformed_value'],
    ['foo:bar|c', '', 'malformed_value'],
    ['foo:1a|c', '', 'malformed_value'],
    ['foo:0x10|c', '', 'malformed_value'],
    ['foo:--1|g', '', 'malformed_value'],
    ['foo:+-1|g', '', 'malformed_value'],
    ['foo:+|g', '', 'malformed_value'],
    ['foo:-|g', '', 'malformed_value'],
    ['foo:.|g', '', 'malformed_value'],
    ['foo:1.2.3|g', '', 'malformed_value'],
    ['foo:1e999|g', '', 'malformed_value'],
    ['foo:1,5|ms', '', 'malformed_value'],
    ['foo:null|ms', '', 'malformed_value'],
    ['foo:|s', '', 'malformed_value'],
    ['foo:1|', '', 'illegal_event'],
    ['foo:1|C', '', 'illegal_event'],
    ['foo:1|x', '', 'illegal_event'],
    ['foo:1|m', '', 'illegal_event'],
    ['foo:1|ms ', '', 'illegal_event'],
    ['foo:1| c', '', 'illegal_event'],
    ['foo:1|cc', '', 'illegal_event'],
    ['foo:1|kv', '', 'illegal_event'],
    ['foo:1|G', '', 'illegal_event'],
    ['foo:1|#a:b', '', 'illegal_event'],
    ['foo:x|x', '', 'malformed_value'],
    ['foo:1|c|', '', 'malformed_component'],
    ['foo:1|c||', '', 'malformed_component'],
    ['foo:1|c||@0.1', '', 'malformed_component'],
    ['foo:1|c|@0.1|', '', 'malformed_component'],
    ['foo:1|c|#a:b|', '', 'malformed_component'],
    ['foo:x|c|', '', 'malformed_value'],
    ['foo:1||', '', 'malformed_component'],
    ['foo:1|c|@1|@1|@1|@1', 'c foo 1'],
    ['foo:1|c|@1|@1|@1|@1|@1', '', 'malformed_component'],
    ['foo:x|c|@1|@1|@1|@1|@1', '', 'malformed_component'],
    ['foo:1|c|@1|@1|@1|@1|', '', 'malformed_component'],
    ['foo:1|c|0.1', '', 'invalid_sample_factor'],
    ['foo:1|c|x', '', 'invalid_sample_factor'],
    ['foo:1|c|e', '', 'invalid_sample_factor'],
    ['foo:1|c| ', '', 'invalid_sample_factor'],
    ['foo:1|c|$a:b', '', ['invalid_sample_factor', 'malformed_component']],
    ['foo:x|c|0.1', '', 'malformed_value'],
    ['foo:1|x|y', '', 'invalid_sample_factor'],
    ['foo:-1|c', '', 'illegal_negative_counter'],
    ['foo:nan|c', '', 'illegal_not_finite_value'],
    ['foo:inf|c', '', 'illegal_not_finite_value'],
    ['foo:-inf|c', '', 'illegal_not_finite_value'],
    ['foo:nan|ms', '', 'illegal_not_finite_value'],
    ['foo:inf|h', '', 'illegal_not_finite_value'],
    ['#a=b:1|c', '', 'empty_metric_name'],
    [',a=b:1|c', '', 'empty_metric_name'],
    ['[a=b]:1|c', '', 'empty_metric_name'],
    ['[]:1|c', '', 'empty_metric_name'],
    [',:1|c', '', 'empty_metric_name'],
  ]);
});

describe('several lines in a datagram', () => {
  check([
    ['foo:1|c\nfoo:2|c', 'c foo 3'],
    ['foo:1|c\nbar:2|g\n', ['c foo 1', 'g bar 2']],
    ['foo:1|c\r\nbar:2|g\r\n', ['c foo 1', 'g bar 2']],
    ['foo:1|c\n\n\nbar:2|g', ['c foo 1', 'g bar 2']],
    ['foo:1|c\nnope\nbar:2|g', ['c foo 1', 'g bar 2'], 'malformed_line'],
    ['foo\n:1|c', '', 'malformed_line=2'],
    ['foo:\n1|c', '', ['malformed_line', 'not_enough_parts_after_colon']],
    ['foo:1\n|c', '', ['malformed_line', 'not_enough_parts_after_colon']],
    ['foo:1|\nc', '', ['illegal_event', 'malformed_line']],
    [Buffer.from('foo:1|c\nb\xffr:1|c\nbaz:1|c', 'latin1'), ['c baz 1', 'c foo 1'], 'malformed_line'],
    ['a:1|ms\na:2|ms\na:3|ms', 'o a 0.006/3'],
    ['g:5|g\ng:+3|g\ng:-10|g', 'g g -2'],
    ['g:5|g\ng:-10|g\ng:7|g', 'g g 7'],
    ['u:a|s\nu:b|s\nu:a|s', 's u 2'],
  ]);
});

describe('several samples in a line', () => {
  check([
    ['foo:1|c:2|c', 'c foo 3'],
    ['foo:1|c:200|ms', 'c foo 1', 'conflict:observer:foo'],
    ['foo:1|g:2|g:3|g', 'g foo 3'],
    ['foo:1|g:+2|g:-4|g', 'g foo -1'],
    ['foo:200|ms:300|ms:5|ms', 'o foo 0.505/3'],
    ['foo:1|c:', 'c foo 1', 'malformed_component'],
    ['foo:1|c::2|c', 'c foo 3', 'malformed_component'],
    ['foo:1|c:2', 'c foo 1', 'malformed_component'],
    ['foo:1|c:x|c', 'c foo 1', 'malformed_value'],
    ['foo:1|c:2|x:3|c', 'c foo 4', 'illegal_event'],
    ['foo:1|c|@0.5:2|c|@0.1', 'c foo 22'],
    ['foo:5|ms|@0.5:7|ms', 'o foo 0.017/3'],
    ['foo,a=b:1|c:2|c', 'c foo{a="b"} 3'],
    ['foo:1|c:2|c|#a:b', '', 'malformed_container_id'],
    ['foo:1|c|T1:2|c', 'c foo 3'],
    ['foo:1|c|c:id', 'c foo{container_id="id"} 1'],
    ['foo:1|c|c:id:2|g', '', 'invalid_sample_factor'],
    ['foo:1|c:2|g|e:x', 'c foo 1', 'conflict:gauge:foo'],
    ['foo:1|c|e:it-false,cn-a,pu-b', 'c foo 1'],
    ['foo:1|c|card:low', 'c foo 1'],
    ['foo:1|c|card:low:2|c', '', 'malformed_container_id'],
  ]);
});

describe('packed values', () => {
  check([
    ['foo:1:2:3|ms', 'o foo 0.006/3'],
    ['foo:1:2:3|h', 'o foo 6/3'],
    ['foo:1:2:3|d', 'o foo 6/3'],
    ['foo:1:2:3|c', 'c foo 6'],
    ['foo:1:2:3|g', 'g foo 3'],
    ['foo:5:+2:-1|g', 'g foo 6'],
    ['foo:1:2:3|s', 's foo 1'],
    ['foo:1:2|h|@0.5', 'o foo 6/4'],
    ['foo:1:2|c|@0.5', 'c foo 6'],
    ['foo:1:2|h|#a:b', 'o foo{a="b"} 3/2'],
    ['foo,a=b:1:2|h', 'o foo{a="b"} 3/2'],
    ['foo:1:2|h|#a:b|@0.5|c:x', 'o foo{a="b",container_id="x"} 6/4'],
    ['foo:1:2|h|c:x', 'o foo{container_id="x"} 3/2'],
    ['foo:1:|h', 'o foo 1/1', 'malformed_value'],
    ['foo::1|h', 'o foo 1/1', 'malformed_value'],
    ['foo:1::2|h', 'o foo 3/2', 'malformed_value'],
    ['foo::|h', '', 'malformed_value=2'],
    ['foo:1:x:2|h', 'o foo 3/2', 'malformed_value'],
    ['foo:1:-2|c', 'c foo 1', 'illegal_negative_counter'],
    ['foo:1:nan|h', 'o foo 1/1', 'illegal_not_finite_value'],
    ['foo:1:2|x', '', 'invalid_extended_aggregate_type'],
    ['foo:1:2|', '', 'invalid_extended_aggregate_type'],
    ['foo:1:2|C|#a:b', '', 'invalid_extended_aggregate_type'],
    ['foo:1:2|h|', '', 'malformed_component=2'],
    ['foo:1:2|h|x', '', 'invalid_sample_factor=2'],
    ['foo:1:2|h|@x', 'o foo 3/2', 'invalid_sample_factor=2'],
    ['foo:1:2|h|#a', 'o foo 3/2', 'tag=2'],
    ['foo,a:1:2|h', 'o foo 3/2', 'tag=1'],
    ['foo:1:x|h|#a', 'o foo 1/1', ['malformed_value', 'tag=1']],
    ['foo:1:2:bar:3|c', 'c foo 6', 'malformed_value'],
    ['foo:1e1:0x1p1|h', 'o foo 12/2'],
  ]);
});

describe('sampling', () => {
  check([
    ['foo:1|c|@0.1', 'c foo 10'],
    ['foo:1|c|@.5', 'c foo 2'],
    ['foo:1|c|@1', 'c foo 1'],
    ['foo:1|c|@0', 'c foo 1'],
    ['foo:1|c|@2', 'c foo 0.5'],
    ['foo:1|c|@0.5|@0.5', 'c foo 4'],
    ['foo:1|c|@1e-1', 'c foo 10'],
    ['foo:1|c|@Inf', 'c foo 0'],
    ['foo:1|c|@nan', '', 'illegal_not_finite_value'],
    ['foo:1|c|@-0.5', '', 'illegal_negative_counter'],
    ['foo:-1|c|@-0.5', 'c foo 2'],
    ['foo:1|c|@', 'c foo 1', 'invalid_sample_factor'],
    ['foo:1|c|@x', 'c foo 1', 'invalid_sample_factor'],
    ['foo:1|c|@0.1.1', 'c foo 1', 'invalid_sample_factor'],
    ['foo:1|c|@@0.1', 'c foo 1', 'invalid_sample_factor'],
    ['foo:1|c|@1e999', 'c foo 1', 'invalid_sample_factor'],
    ['foo:1|c|@x|@y', 'c foo 1', 'invalid_sample_factor=2'],
    ['foo:1|c|@x|@0.5', 'c foo 2', 'invalid_sample_factor'],
    ['foo:10|g|@0.1', 'g foo 10'],
    ['foo:10|g|@0', 'g foo 10'],
    ['foo:10|g|@x', 'g foo 10', 'invalid_sample_factor'],
    ['foo:a|s|@0.1', 's foo 1'],
    ['foo:10|ms|@0.1', 'o foo 0.1/10'],
    ['foo:10|h|@0.25', 'o foo 40/4'],
    ['foo:10|d|@0.5', 'o foo 20/2'],
    ['foo:10|h|@1', 'o foo 10/1'],
    ['foo:10|h|@0', 'o foo 10/1'],
    ['foo:10|h|@0.3', 'o foo 30/3'],
    ['foo:10|h|@0.9', 'o foo 10/1'],
    ['foo:10|h|@1.1'],
    ['foo:10|h|@-1'],
    ['foo:10|h|@-0.1'],
    ['foo:10|h|@nan'],
    ['foo:10|h|@inf'],
    ['foo:10|h|@1e-300'],
    ['foo:10|h|@x', 'o foo 10/1', 'invalid_sample_factor'],
    ['foo:10|h|@0.1|@0.5', 'o foo 20/2'],
    ['foo:1|ms|@1e-7', 'o foo 10000/10000000'],
    ['foo:1|c|@0.1|#a:b', 'c foo{a="b"} 10'],
    ['foo:1|c|#a:b|@0.1', 'c foo{a="b"} 10'],
    ['foo:1|x|@0.1', '', 'illegal_event'],
    ['foo:1|x|@y', '', ['illegal_event', 'invalid_sample_factor']],
  ]);
});

describe('DogStatsD tags', () => {
  check([
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
  check([
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

  it('counts events and service checks, which are no errors', () => {
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
  check([
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
  check(
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
  check(
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
  check(
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
  check(
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
  check(
    [
      ['foo,a=b#c=d[e=f]:1|c|#g:h', 'c foo_a_b_c_d_e_f_ 1'],
      ['foo:1|c|c:id', 'c foo{container_id="id"} 1'],
    ],
    { dogstatsd: false, influxdb: false, librato: false, signalfx: false },
  );
});
