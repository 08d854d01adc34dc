import { describe, expect, it } from 'vitest';
import { ringHashes } from './ring-hashes.ts';
import { Shards } from './ring-url.ts';
import { readSource, Seeds, Sentinels } from './source.ts';

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
  ])('is read from %s', (text, names, name, reach) => {
    const source = sentinels(text);
    expect(source.sentinels.map((one) => one.name)).toEqual(names);
    expect(source.name).toBe(name);
    expect(source.reach).toEqual(reach);
  });

  it('has a separate login for the Sentinels, and TLS for all servers', () => {
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
    ['redis-sentinel://s1/m#x', 'must not contain #'],
    ['redis-sentinel://s1/%zz', 'has a % that is not followed by two hexadecimal digits'],
    ['redis-sentinel://a%:b@s1/m', 'has a % that is not followed by two hexadecimal digits'],
    [
      'redis-sentinel://s1/m?name=x',
      'unknown key "name": expected one of tls, ca, cert, key, sni, sentinel_user, sentinel_password, db',
    ],
  ])('has its faults reported: %s', (text, reason) => {
    expect(readSource(text)).toEqual({ reason });
  });

  it.each([
    'redis-sentinel://',
    'redis-sentinel:///m',
    'redis-sentinel:s1',
    'redis-sentinel://s1,,s2/m',
    'redis-sentinel://s 1/m',
  ])('is not read from %j', (text) => {
    expect(readSource(text)).toBeUndefined();
  });
});

describe('redis-cluster://', () => {
  it('has seeds, and a login for all nodes', () => {
    const source = readSource('redis-cluster://app:secret@n1,[::1]:7000?tls=1');
    if (!(source instanceof Seeds)) throw new Error('no seeds');
    expect(source.seeds.map(({ name }) => name)).toEqual(['n1:6379', '[::1]:7000']);
    expect(source.reach).toMatchObject({ user: 'app', password: 'secret', db: 0 });
    expect(JSON.stringify(source)).toBe('"redis-cluster://app@n1:6379,[::1]:7000?tls=1"');
  });

  it.each([
    ['redis-cluster://n1/1', 'a Cluster has no databases: expected no path'],
    ['redis-cluster://n1?db=1', 'unknown key "db": expected one of tls, ca, cert, key, sni'],
  ])('has its faults reported: %s', (text, reason) => {
    expect(readSource(text)).toEqual({ reason });
  });
});

describe('redis-ring://', () => {
  const read = (text: string) => {
    const source = readSource(text);
    if (!(source instanceof Shards)) throw new Error(`no ring: ${JSON.stringify(source)}`);
    return source;
  };

  it("has twemproxy's defaults", () => {
    const { shards, rules, ejection } = read('redis-ring://h1,h2:11211,[::1]:7000');
    expect(shards.map(({ name, weight, node }) => [name, weight, node.id])).toEqual([
      ['h1:6379', 1, 'h1:6379'],
      // for this port, twemproxy hashes only the host
      ['h2', 1, 'h2:11211'],
      ['[::1]:7000', 1, '[::1]:7000'],
    ]);
    expect(rules).toEqual({ hash: ringHashes.fnv1a_64, distribution: 'ketama', tag: undefined });
    expect(ejection).toBeUndefined();
  });

  it('has weights, names, tags and ejection', () => {
    const text =
      'redis-ring://:secret@h1,h2?hash=md5&distribution=modula&hash_tag={}&weights=1,5&names=a,b&auto_eject=1&retry_timeout=2000&failure_limit=3';
    const { shards, rules, ejection } = read(text);
    expect(shards.map(({ name, weight }) => [name, weight])).toEqual([
      ['a', 1],
      ['b', 5],
    ]);
    expect(rules).toEqual({ hash: ringHashes.md5, distribution: 'modula', tag: [0x7b, 0x7d] });
    expect(ejection).toEqual({ failureLimit: 3, retryMs: 2000 });
    expect(JSON.stringify(read(text))).toBe(
      '"redis-ring://h1:6379,h2:6379?hash=md5&distribution=modula&hash_tag={}&weights=1,5&names=a,b&auto_eject=1&retry_timeout=2000&failure_limit=3"',
    );
  });

  it.each([
    ['redis-ring://h1,h2/0', 'expected no path'],
    ['redis-ring://h1?hash=sha1', /^hash: expected one of one_at_a_time, md5, /],
    ['redis-ring://h1?distribution=x', 'distribution: expected one of ketama, modula, random'],
    ['redis-ring://h1?hash_tag={', 'hash_tag: expected two characters'],
    ['redis-ring://h1?hash_tag={}}', 'hash_tag: expected two characters'],
    ['redis-ring://h1,h2?weights=1', 'weights: expected one for each host'],
    ['redis-ring://h1,h2?weights=1,0', 'weights: expected numbers from 1 to 1000'],
    ['redis-ring://h1,h2?names=a', 'names: expected one for each host'],
    ['redis-ring://h1,h2?names=a,a', 'names: one is given twice'],
    ['redis-ring://h1?auto_eject=yes', 'auto_eject: expected 0 or 1'],
    ['redis-ring://h1?retry_timeout=0', 'retry_timeout: expected milliseconds, at least 1'],
    ['redis-ring://h1?failure_limit=x', 'failure_limit: expected a number, at least 1'],
    ['redis-ring://h1,h1', 'h1:6379 is given twice'],
  ])('has its faults reported: %s', (text, reason) => {
    expect(readSource(text)).toMatchObject({
      reason: typeof reason === 'string' ? reason : expect.stringMatching(reason),
    });
  });
});
