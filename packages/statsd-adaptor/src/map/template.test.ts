// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates of a mapping file look like this
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { globTemplate, regexTemplate } from './template.ts';

describe('globTemplate', () => {
  it.each([
    ['plain', ['a'], 'plain'],
    ['', ['a'], ''],
    ['$1', ['a'], 'a'],
    ['${1}', ['a'], 'a'],
    ['$1$2', ['a', 'b'], ''],
    ['${1}${2}', ['a', 'b'], 'ab'],
    ['$1-$2', ['a', 'b'], 'a-b'],
    ['$2.$1', ['a', 'b'], 'b.a'],
    ['x_${1}_y', ['a'], 'x_a_y'],
    ['$1_x', ['a'], ''],
    ['${1}_x', ['a'], 'a_x'],
    ['$1x', ['a'], ''],
    ['$0', ['a'], ''],
    ['$2', ['a'], ''],
    ['${2}', ['a'], ''],
    ['$01', ['a'], 'a'],
    ['$$1', ['a'], ''],
    ['$name', ['a'], ''],
    ['${name}', ['a'], ''],
    ['$', ['a'], '$'],
    ['${', ['a'], '${'],
    ['${}', ['a'], '${}'],
    ['$-1', ['a'], '$-1'],
    ['100%', ['a'], '100%'],
    ['%s $1 %d', ['a'], '%s a %d'],
    ['$1 $10', [...'abcdefghij'], 'a j'],
    ['$10 $1', [...'abcdefghij'], 'j a'],
    ['$1 $1', ['a'], 'a a'],
    ['${1', ['a'], 'a'],
    ['$1}', ['a'], 'a'],
    ['$1', [''], ''],
    ['$1', ['$2'], '$2'],
    ['$1', ['ü'], 'ü'],
  ])('expands %j with %j to %j', (template, captures, text) => {
    expect(globTemplate(template, captures.length)(captures)).toBe(text);
  });
});

describe('regexTemplate', () => {
  const matcher = RE2JS.compile('(\\w+)\\.(?P<rest>\\w+)(x)?').matcher('foo.bar');
  matcher.find();
  const groups = {
    byNumber: (number: number) => (number <= 3 ? (matcher.group(number) ?? '') : ''),
    byName: (name: string) => (name === 'rest' ? (matcher.group('rest') ?? '') : ''),
  };

  it.each([
    ['plain', 'plain'],
    ['$1', 'foo'],
    ['${1}', 'foo'],
    ['$2', 'bar'],
    ['$rest', 'bar'],
    ['${rest}', 'bar'],
    ['$0', 'foo.bar'],
    ['$3', ''],
    ['$4', ''],
    ['$9999999999', ''],
    ['$1x', ''],
    ['$1_x', ''],
    ['${1}x', 'foox'],
    ['$1-$2', 'foo-bar'],
    ['$01', ''],
    ['$$', '$'],
    ['$$1', '$1'],
    ['$$$1', '$foo'],
    ['$', '$'],
    ['$ ', '$ '],
    ['${', '${'],
    ['${1', '${1'],
    ['${}', '${}'],
    ['${a b}', '${a b}'],
    ['$nope', ''],
    ['$ü', ''],
    ['a$', 'a$'],
    ['100%', '100%'],
  ])('expands %j to %j', (template, text) => {
    expect(regexTemplate(template)(groups)).toBe(text);
  });
});
