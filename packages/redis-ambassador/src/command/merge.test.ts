import { describe, expect, it } from 'vitest';
import type { Merge } from './command.ts';
import { mergeReplies } from './merge.ts';

const merged = (how: Merge, replies: readonly string[], protocol: 2 | 3 = 2) =>
  mergeReplies(
    how,
    replies.map((reply) => ({ reply: Buffer.from(reply) })),
    { protocol, random: () => 0.99 },
  ).toString();

describe('replies of several servers', () => {
  it.each<[Merge, readonly string[], string]>([
    ['ok', ['+OK\r\n', '+OK\r\n'], '+OK\r\n'],
    ['ok', ['+OK\r\n', '-ERR no\r\n'], '-ERR no\r\n'],
    ['any-ok', ['-NOTBUSY\r\n', '+OK\r\n'], '+OK\r\n'],
    ['any-ok', ['-NOTBUSY a\r\n', '-NOTBUSY b\r\n'], '-NOTBUSY a\r\n'],
    ['sum', [':1\r\n', ':0\r\n', ':41\r\n'], ':42\r\n'],
    ['sum', [':1\r\n', '-ERR no\r\n'], '-ERR no\r\n'],
    ['least', ['*2\r\n:1\r\n:1\r\n', '*2\r\n:1\r\n:0\r\n'], '*2\r\n:1\r\n:0\r\n'],
    [
      'list',
      ['*1\r\n$1\r\na\r\n', '*0\r\n', '*2\r\n$1\r\nb\r\n*1\r\n:1\r\n'],
      '*3\r\n$1\r\na\r\n$1\r\nb\r\n*1\r\n:1\r\n',
    ],
    ['set', ['*1\r\n$1\r\na\r\n', '*2\r\n$1\r\nb\r\n$1\r\na\r\n'], '*2\r\n$1\r\na\r\n$1\r\nb\r\n'],
    ['pairs', ['*2\r\n$1\r\na\r\n:1\r\n', '*2\r\n$1\r\na\r\n:2\r\n'], '*2\r\n$1\r\na\r\n:3\r\n'],
    ['one', ['$-1\r\n', '$1\r\na\r\n', '$1\r\nb\r\n'], '$1\r\nb\r\n'],
    ['one', ['$-1\r\n', '$-1\r\n'], '$-1\r\n'],
    [
      'role',
      ['*3\r\n$6\r\nmaster\r\n:7\r\n*1\r\n*3\r\n$4\r\nhost\r\n$4\r\n6379\r\n$1\r\n7\r\n'],
      '*3\r\n$6\r\nmaster\r\n:7\r\n*0\r\n',
    ],
    [
      'info',
      [
        '$76\r\n# X\r\nrole:master\r\nslave0:ip=10.0.0.1,port=1\r\ncluster_enabled:1\r\nredis_mode:cluster\r\n',
      ],
      '$61\r\n# X\r\nrole:master\r\ncluster_enabled:0\r\nredis_mode:standalone\r\n',
    ],
  ])('are merged by %s: %j', (how, replies, expected) => {
    const shown = merged(how, replies);
    if (how === 'info')
      expect(shown.slice(shown.indexOf('#'))).toBe(`${expected.slice(expected.indexOf('#'))}`);
    else expect(shown).toBe(expected);
  });

  it('stay a map in RESP3', () => {
    expect(merged('pairs', ['%1\r\n$1\r\na\r\n:1\r\n', '%1\r\n$1\r\nb\r\n:2\r\n'], 3)).toBe(
      '%2\r\n$1\r\na\r\n:1\r\n$1\r\nb\r\n:2\r\n',
    );
  });

  it('keep the order of their keys in the request', () => {
    const parts = [
      { reply: Buffer.from('*2\r\n$1\r\nb\r\n$-1\r\n'), places: [1, 3] },
      { reply: Buffer.from('*2\r\n$1\r\na\r\n_\r\n'), places: [0, 2] },
    ];
    expect(mergeReplies('list', parts, { protocol: 2, random: Math.random }).toString()).toBe(
      '*4\r\n$1\r\na\r\n$1\r\nb\r\n_\r\n$-1\r\n',
    );
  });
});
