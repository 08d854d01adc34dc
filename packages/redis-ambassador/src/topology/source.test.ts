import { describe, expect, it } from 'vitest';
import { readSource, Sentinels } from './source.ts';

function sentinels(text: string): Sentinels {
  const source = readSource(text);
  if (!(source instanceof Sentinels)) throw new Error(`not Sentinels: ${JSON.stringify(source)}`);
  return source;
}

const plain = { tls: undefined, user: undefined, password: undefined, db: 0 };

describe('redis-sentinel://', () => {
  it.each([
    ['redis-sentinel://s1', ['s1:26379'], 'mymaster', plain],
    ['redis-sentinel://s1:1,s2,s3:3/', ['s1:1', 's2:26379', 's3:3'], 'mymaster', plain],
    ['redis-sentinel://[::1]:1,[fd00::2]/orders', ['[::1]:1', '[fd00::2]:26379'], 'orders', plain],
    ['REDIS-SENTINEL://s1/a%20b?db=3', ['s1:26379'], 'a b', { ...plain, db: 3 }],
    ['redis-sentinel://:p%40@s1/m', ['s1:26379'], 'm', { ...plain, password: 'p@' }],
    [
      'redis-sentinel://app:p@s1,s2/m',
      ['s1:26379', 's2:26379'],
      'm',
      { ...plain, user: 'app', password: 'p' },
    ],
  ])('%s', (text, names, name, reach) => {
    const source = sentinels(text);
    expect(source.sentinels.map((one) => one.name)).toEqual(names);
    expect(source.name).toBe(name);
    expect(source.reach).toEqual(reach);
  });

  it('has a login of its own for the Sentinels, and TLS for both', () => {
    const source = sentinels(
      'redis-sentinel://app:p@s1/m?sentinel_user=u&sentinel_password=q&db=2&tls=1&ca=/ca.pem&sni=redis',
    );
    const tls = { ca: '/ca.pem', cert: undefined, key: undefined, sni: 'redis' };
    expect(source.reach).toEqual({ tls, user: 'app', password: 'p', db: 2 });
    expect({ ...source.sentinels[0] }).toEqual({
      address: { host: 's1', port: 26379 },
      tls,
      user: 'u',
      password: 'q',
      db: 0,
    });
  });

  it('is shown without its passwords', () => {
    const text =
      'redis-sentinel://app:secret@[::1]:1,s2/m?sentinel_user=u&sentinel_password=secret&db=2&tls=1';
    expect(JSON.stringify(sentinels(text))).toBe(
      '"redis-sentinel://app@[::1]:1,s2:26379/m?tls=1&sentinel_user=u&db=2"',
    );
  });

  it.each([
    ['redis-sentinel://s1:0/m', 'port out of range: expected 1 to 65535'],
    ['redis-sentinel://s1,s2:70000/m', 'port out of range: expected 1 to 65535'],
    ['redis-sentinel://s1,s2,s1:26379/m', 's1:26379 is given twice'],
    ['redis-sentinel://s1/m?db=x', 'the database is not a number from 0 to 99999'],
    ['redis-sentinel://s1/m?ca=/a', 'ca is for rediss:// and tls=1 only'],
    ['redis-sentinel://s1/m#x', 'takes no #'],
    ['redis-sentinel://s1/%zz', 'has a % that is not followed by two hexadecimal digits'],
    ['redis-sentinel://a%:b@s1/m', 'has a % that is not followed by two hexadecimal digits'],
    [
      'redis-sentinel://s1/m?name=x',
      'unknown key "name": expected one of tls, ca, cert, key, sni, sentinel_user, sentinel_password, db',
    ],
    ['redis-ring://h1:1,h2:2', 'redis-ring:// is not supported by this version'],
  ])('what is wrong with %s', (text, reason) => {
    expect(readSource(text)).toEqual({ reason });
  });

  it.each([
    'redis-sentinel://',
    'redis-sentinel:///m',
    'redis-sentinel:s1',
    'redis-sentinel://s1,,s2/m',
    'redis-sentinel://s 1/m',
  ])('%j is none', (text) => {
    expect(readSource(text)).toBeUndefined();
  });
});
