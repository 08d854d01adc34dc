import { describe, expect, it } from 'vitest';
import { readEndpoint } from './endpoint-url.ts';

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
  ])('reads %s', (text, expected) => {
    expect({ ...readEndpoint(text) }).toEqual(expected);
  });

  it.each(['', 'redis', 'redis:r', 'redis://', 'redis://:6379', 'http://r:1', 'r:6379', 'redis//r'])(
    'rejects %j',
    (text) => {
      expect(readEndpoint(text)).toBeUndefined();
    },
  );

  it.each([
    ['redis://r:0', 'port out of range: expected 1 to 65535'],
    ['rediss://app:secret@[::1]:99999/0?ca=/a', 'port out of range: expected 1 to 65535'],
    ['redis://r/x', 'the database is not a number from 0 to 99999'],
    ['redis://r/-1', 'the database is not a number from 0 to 99999'],
    ['redis://r/1/2', 'the database is not a number from 0 to 99999'],
    ['redis://r#x', 'must not contain #'],
    ['redis://r?database=1', 'unknown key "database": expected one of tls, ca, cert, key, sni'],
    ['rediss://r?cax=/a', 'unknown key "cax" (did you mean ca?)'],
    ['rediss://r?x!=@', 'unknown key: expected one of tls, ca, cert, key, sni'],
    ['redis://r?ca=/a', 'ca is for rediss:// and tls=1 only'],
    ['redis://r?tls=yes', 'tls: expected 0 or 1'],
    ['rediss://r?cert=/a', 'cert and key go together'],
    ['rediss://r?ca=', 'ca has no value'],
    ['rediss://r?ca=/a&ca=/b', 'ca is given twice'],
    ['redis://a%:b@r', 'has a % that is not followed by two hexadecimal digits'],
    ['unix:', 'expected unix: and an absolute path'],
    ['unix:/', 'expected unix: and an absolute path'],
    ['unix:relative', 'expected unix: and an absolute path'],
    ['unix://host/path', 'expected unix: and an absolute path'],
    ['unix:/a?tls=1', 'unknown key "tls": expected one of db, user'],
    ['unix:/a?db=x', 'the database is not a number from 0 to 99999'],
  ])('reports the fault of %j', (text, reason) => {
    expect(readEndpoint(text)).toEqual({ reason });
  });

  it('returns a name without the password', () => {
    const shown = ['redis://app:secret@[::1]:7000/3', 'rediss://:secret@r', 'unix:/run/r?user=app'].map(
      (text) => JSON.parse(JSON.stringify(readEndpoint(text))),
    );
    expect(shown).toEqual(['redis://app@[::1]:7000/3', 'rediss://r:6379/0', 'unix:/run/r?db=0']);
  });
});
