import { describe, expect, it } from 'vitest';
import { readEndpoint } from './endpoint.ts';

const plain = { tls: undefined, user: undefined, password: undefined, db: 0 };

describe('readEndpoint', () => {
  it.each([
    ['redis://redis:6379', { ...plain, address: { host: 'redis', port: 6379 } }],
    ['redis://redis', { ...plain, address: { host: 'redis', port: 6379 } }],
    ['redis://10.0.0.1:7000/', { ...plain, address: { host: '10.0.0.1', port: 7000 } }],
    ['redis://[::1]:7000/3', { ...plain, address: { host: '::1', port: 7000 }, db: 3 }],
    ['redis://:secret@r:1', { ...plain, address: { host: 'r', port: 1 }, password: 'secret' }],
    [
      'redis://app:p%40%2F%25@r:1',
      { ...plain, address: { host: 'r', port: 1 }, user: 'app', password: 'p@/%' },
    ],
    ['redis://r:1?tls=0', { ...plain, address: { host: 'r', port: 1 } }],
    [
      'redis://r:1?tls=1&sni=other',
      {
        ...plain,
        address: { host: 'r', port: 1 },
        tls: { ca: undefined, cert: undefined, key: undefined, sni: 'other' },
      },
    ],
    [
      'rediss://r:1/2?ca=/a%20b.pem&cert=/c&key=/k',
      {
        ...plain,
        address: { host: 'r', port: 1 },
        db: 2,
        tls: { ca: '/a b.pem', cert: '/c', key: '/k', sni: undefined },
      },
    ],
    ['unix:/run/redis.sock', { ...plain, address: { path: '/run/redis.sock' } }],
    ['unix:/run/a%20b?db=2&user=app', { ...plain, address: { path: '/run/a b' }, db: 2, user: 'app' }],
  ])('%s', (text, expected) => {
    expect({ ...readEndpoint(text) }).toEqual(expected);
  });

  it.each([
    '',
    'redis',
    'redis://',
    'redis://:6379',
    'redis://r:0',
    'redis://r:99999',
    'redis://r/x',
    'redis://r/-1',
    'redis://r/1/2',
    'redis://r#x',
    'redis://r?db=1',
    'redis://r?ca=/a',
    'redis://r?tls=yes',
    'rediss://r?cert=/a',
    'rediss://r?ca=',
    'rediss://r?ca=/a&ca=/b',
    'redis://a%:b@r',
    'unix:',
    'unix:/',
    'unix:relative',
    'unix://host/path',
    'unix:/a?tls=1',
    'http://r:1',
    'redis-sentinel://s1:26379,s2:26379/name',
    'redis-cluster://n1:6379,n2:6379',
    'redis-ring://h1:1,h2:2',
  ])('%j is none', (text) => {
    expect(readEndpoint(text)).toBeUndefined();
  });

  it('is shown without its password', () => {
    const shown = ['redis://app:secret@[::1]:7000/3', 'rediss://:secret@r', 'unix:/run/r?user=app'].map(
      (text) => JSON.parse(JSON.stringify(readEndpoint(text))),
    );
    expect(shown).toEqual(['redis://app@[::1]:7000/3', 'rediss://r:6379/0', 'unix:/run/r?db=0']);
  });
});
