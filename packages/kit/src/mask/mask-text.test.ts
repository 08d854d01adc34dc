import { describe, expect, it } from 'vitest';
import { isCredentialName } from './credential-name.ts';
import { maskText, maskTexts } from './mask-text.ts';
import { maskUrl } from './mask-url.ts';

describe('maskText', () => {
  it.each([
    ['two redis://a:b@c and amqp://d:e@f', 'two redis://a:***@c and amqp://d:***@f'],
    ["open 'redis//u:p@ss@h' failed", "open 'redis//u:***@h' failed"],
    ['cannot reach u:se@cret@h:1', 'cannot reach u:***@h:1'],
    ['GET https://h/x?page=2&token=abc&y=1 failed', 'GET https://h/x?page=2&token=***&y=1 failed'],
    ['--label a=1,secret=b,c=2', '--label a=1,secret=***'],
    ['https://h#bearer=/run/token', 'https://h#bearer=/run/token'],
    ['sent Authorization: Basic dTpw to h', 'sent Authorization: ***'],
    ['Proxy-Authorization=abc', 'Proxy-Authorization=***'],
    ['cookie: a=b; c=d\nnext', 'cookie: ***\nnext'],
    ['X-Api-Key: 1 2', 'X-Api-Key: ***'],
    ['with Bearer abc.def-1', 'with Bearer ***'],
    ['{"user":"me","accessKey" : "a b","n":1}', '{"user":"me","accessKey" : "***","n":1}'],
  ])('turns %j into %j', (text, shown) => {
    expect(maskText(text)).toBe(shown);
    expect(maskText(shown)).toBe(shown);
  });

  it.each([
    'read ECONNRESET',
    'cannot listen on 127.0.0.1:6379: EADDRINUSE',
    'mail me@example.org, please: at 12:30',
    'basic authentication is refused',
    'https://h:1/a/b?page=2#top',
    'a == b',
  ])('keeps %j', (text) => {
    expect(maskText(text)).toBe(text);
  });
});

it('maskTexts masks secrets deep inside a value without changing the original', () => {
  const when = new Date(0);
  const value = { a: ['redis://u:p@h', 1], b: { c: 'token=x', authorization: 'x y', tokens: 3 }, when };
  expect(maskTexts(value)).toEqual({
    a: ['redis://u:***@h', 1],
    b: { c: 'token=***', authorization: '***', tokens: 3 },
    when,
  });
  expect(value.b.c).toBe('token=x');
});

describe('isCredentialName', () => {
  it.each(
    'token Access_Token PASSWORD passwd pwd dbPass secret api_key apikey accessKeyId key auth sig X-Amz-Signature credential jwt'.split(
      ' ',
    ),
  )('accepts %s', (name) => expect(isCredentialName(name)).toBe(true));
  it.each('author keyspace page signal design compass tenant passage monk'.split(' '))('rejects %s', (name) =>
    expect(isCredentialName(name)).toBe(false),
  );
});

describe('masking takes linear time for a megabyte', () => {
  const unit = [
    'a',
    'a=',
    '@',
    ':',
    '//',
    'a:b@',
    'key=',
    '&',
    '"a":"',
    'x-',
    'bearer ',
    'basic a',
    'authorization',
    '[',
    ',',
    '%',
    'a b',
    '?',
  ];
  it.each(unit.map((text) => [text]))('of %j', (text) => {
    const megabyte = text.repeat(Math.ceil(2 ** 20 / text.length));
    const startedAt = performance.now();
    maskText(megabyte);
    maskUrl(megabyte);
    // quadratic code takes minutes
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});
