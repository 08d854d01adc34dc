import { describe, expect, it } from 'vitest';
import vectors from '../../test/ring-vectors.json' with { type: 'json' };
import { keyOf, keysPerVector, type Vector } from '../../test/support/ring-vectors.ts';
import { distributions, Ring, type Shard } from './ring.ts';
import { ringHashes } from './ring-hashes.ts';

function ringOf(
  { hash, distribution, tag, servers }: Omit<Vector, 'owners'>,
  isLive?: (shard: Shard) => boolean,
) {
  const shards = servers.map(({ address, weight, name = address }) => ({
    node: { id: address, endpoint: undefined, role: 'shard' },
    weight,
    name,
  }));
  const [open, close] = Buffer.from(tag);
  const hashes = Object.entries(ringHashes).find(([one]) => one === hash);
  const spread = distributions.find((one) => one === distribution);
  if (hashes === undefined || spread === undefined) throw new Error(`no ${hash}, ${distribution}`);
  const tags = open === undefined || close === undefined ? undefined : ([open, close] as const);
  return new Ring(shards, { hash: hashes[1], distribution: spread, tag: tags }, isLive);
}

function ownersIn(ring: Ring): string {
  return Array.from({ length: keysPerVector }, (_, index) => {
    const key = Buffer.from(keyOf(index), 'latin1');
    return ring.slotOf(key, 0, key.length);
  }).join('');
}

describe('a ring places keys as twemproxy 0.5 does', () => {
  it('with every hash, ketama and modula, weights, names and tags', () => {
    expect(new Set(vectors.map(({ hash }) => hash))).toEqual(new Set(Object.keys(ringHashes)));
    expect(vectors.length).toBe(Object.keys(ringHashes).length * 8);
  });

  it.each(vectors.map((vector, index) => [index, vector.hash, vector.distribution, vector.tag] as const))(
    'in vector %i: %s, %s, tag "%s"',
    (index) => {
      const vector = vectors[index];
      if (vector === undefined) throw new Error('no vector');
      expect(ownersIn(ringOf(vector))).toBe(vector.owners);
    },
  );
});

describe('a ring', () => {
  const servers = ['a:1', 'b:1', 'c:1'].map((address) => ({ address, weight: 1 }));
  const rules = { hash: 'fnv1a_64', distribution: 'ketama', tag: '' };
  const whole = ringOf({ ...rules, servers });

  it('places all keys on its only server', () => {
    expect(new Set(ownersIn(ringOf({ ...rules, servers: servers.slice(0, 1) })))).toEqual(new Set('0'));
  });

  it('moves only the keys of a server that is not live', () => {
    const without = ringOf({ ...rules, servers }, ({ name }) => name !== 'b:1');
    expect(without.shards.map(({ id }) => id)).toEqual(['a:1', 'c:1']);
    const [before, after] = [ownersIn(whole), ownersIn(without)];
    expect(after).not.toContain('1');
    const stayed = [...before].filter((owner, index) => owner !== '1' && owner === after[index]).length;
    // each server keeps its points, so nearly all other keys stay
    expect(stayed / [...before].filter((owner) => owner !== '1').length).toBeGreaterThan(0.9);
  });

  it.each([
    ['fnv1a_64', 1],
    ['murmur', 3],
  ])('with %s places 100 keys that differ only at the end on %i of three servers', (hash, count) => {
    const three = ['a:6379', 'b:6379', 'c:6379'].map((address) => ({ address, weight: 1 }));
    const ring = ringOf({ ...rules, hash, servers: three });
    const keys = Array.from({ length: 100 }, (_, index) => Buffer.from(`key:${index}`));
    expect(new Set(keys.map((key) => ring.slotOf(key, 0, key.length))).size).toBe(count);
  });

  it('has no place for a key when no server is live', () => {
    const none = ringOf({ ...rules, servers }, () => false);
    expect(none.nodeOf(none.slotOf(Buffer.from('k'), 0, 1))).toBeUndefined();
    expect(none.shards).toEqual([]);
  });

  it('spreads keys at random if configured', () => {
    const random = ringOf({ ...rules, distribution: 'random', servers });
    expect(new Set(ownersIn(random)).size).toBeGreaterThan(1);
  });
});
