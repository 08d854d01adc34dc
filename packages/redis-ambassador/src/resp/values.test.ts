import { describe, expect, it } from 'vitest';
import { decodeReply } from './decode.ts';
import { encodeRequest, encodeValue, error } from './encode.ts';
import { ReplyError, type Value } from './value.ts';

describe('values', () => {
  const nested = new Map<Value, Value>([
    ['version', '7.0.15'],
    ['proto', 3],
    ['modules', []],
    ['nothing', null],
  ]);

  it('encode a map as a map in RESP3 and as a list in RESP2', () => {
    expect(decodeReply(Buffer.from(encodeValue(nested, 3)))).toEqual(nested);
    expect(decodeReply(Buffer.from(encodeValue(nested, 2)))).toEqual([...nested].flat());
  });

  it.each([
    ['+OK\r\n', 'OK'],
    [':7\r\n', 7],
    ['$2\r\n\xe9\n\r\n', '\xe9\n'],
    ['$-1\r\n', null],
    ['*-1\r\n', null],
    ['_\r\n', null],
    ['#t\r\n', true],
    [',1.5\r\n', 1.5],
    [',-inf\r\n', Number.NEGATIVE_INFINITY],
    ['=5\r\ntxt:a\r\n', 'txt:a'],
    ['~2\r\n:1\r\n:2\r\n', [1, 2]],
    ['|1\r\n+ttl\r\n:1\r\n+after\r\n', 'after'],
  ])('are decoded from %j', (bytes, value) => {
    expect(decodeReply(Buffer.from(bytes, 'latin1'))).toEqual(value);
  });

  it('keep the code of an error', () => {
    const reply = decodeReply(Buffer.from('-LOADING Redis is loading\r\n'));
    expect(reply).toBeInstanceOf(ReplyError);
    expect(reply).toMatchObject({ word: 'LOADING', message: 'LOADING Redis is loading' });
  });

  it('are rejected if no server sends them', () => {
    expect(() => decodeReply(Buffer.from('*?\r\n.\r\n'))).toThrow();
  });

  it('encode an error as one line', () => {
    expect(error('ERR a\r\nb')).toBe('-ERR a  b\r\n');
  });

  it('encode a request as an array of bulk strings', () => {
    expect(encodeRequest(['SET', 'k', Buffer.from('\r\n')]).toString()).toBe(
      '*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$2\r\n\r\n\r\n',
    );
  });
});
