import { describe, expect, it } from 'vitest';
import type { Value } from '../resp/value.ts';
import { readSlots, type SlotRange, unknownCluster, withMoved, withSlots } from './cluster.ts';
import { Endpoint } from './endpoint.ts';
import { Failovers } from './failovers.ts';
import { keySlot } from './key-slot.ts';

const reach = { tls: undefined, user: 'app', password: 'secret', db: 0 };
const at = (host: string) => ({ host, port: 6379 });
const endpoint = (host: string) => new Endpoint({ ...reach, address: at(host) });
const slotOf = (key: string) => keySlot(Buffer.from(key), 0, Buffer.byteLength(key));

describe('the slot of a key', () => {
  it.each([
    ['123456789', 0x31c3],
    ['foo', 12_182],
    ['{user1000}.following', 3443],
    ['foo{}{bar}', slotOf('foo{}{bar}')],
    ['foo{{bar}}zap', slotOf('{bar')],
    ['foo{bar}{zap}', slotOf('bar')],
    ['{open', 7674],
    ['', 0],
  ])('is computed for %j', (key, slot) => {
    expect(slotOf(key)).toBe(slot);
  });
});

describe('CLUSTER SLOTS', () => {
  const node = (host: Value, port: number) => [host, port, 'id', []];
  it.each<[string, Value, readonly SlotRange[] | undefined]>([
    [
      'a primary and its replicas',
      [[0, 100, node('a', 6379), node('b', 6379)]],
      [{ first: 0, last: 100, primary: at('a'), replicas: [at('b')] }],
    ],
    [
      'an empty host, which means the answering node',
      [[0, 0, node('', 6379), node(null, 6379)]],
      [{ first: 0, last: 0, primary: at('self'), replicas: [at('self')] }],
    ],
    [
      'replicas with an unknown host',
      [[0, 0, node('a', 6379), node('?', 6379), node('b', 0)]],
      [{ first: 0, last: 0, primary: at('a'), replicas: [] }],
    ],
    ['no slots', [], []],
    ['an error', null, undefined],
    ['a primary with an unknown host', [[0, 0, node('?', 6379)]], undefined],
    ['an invalid range of slots', [[5, 1, node('a', 6379)]], undefined],
    ['slots beyond the last', [[0, 16_384, node('a', 6379)]], undefined],
    ['another kind of value', ['x'], undefined],
  ])('is parsed: %s', (_, reply, ranges) => {
    expect(readSlots(reply, { host: 'self', port: 1 })).toEqual(ranges);
  });
});

describe('the topology of a Cluster', () => {
  const ranges: readonly SlotRange[] = [
    { first: 8192, last: 16_383, primary: at('b'), replicas: [at('d')] },
    { first: 0, last: 8000, primary: at('a'), replicas: [at('c')] },
  ];
  const known = withSlots(unknownCluster(reach), reach, ranges);

  it('is unknown until a node answers', () => {
    const unknown = unknownCluster(reach);
    expect(unknown).toMatchObject({ kind: 'cluster', nodes: [], primary: { endpoint: undefined } });
    expect([unknown.placement?.nodeOf(0), unknown.placement?.shards]).toEqual([undefined, []]);
    expect(withSlots(unknown, reach, [])).toBe(unknown);
  });

  it('has the nodes in the order of their slots, with the login of the URL', () => {
    expect(known.nodes.map(({ id, role, of }) => `${id} ${role} ${of}`)).toEqual([
      'a:6379 master undefined',
      'b:6379 master undefined',
      'c:6379 slave a:6379',
      'd:6379 slave b:6379',
    ]);
    expect(known.nodes[0]?.endpoint).toEqual(endpoint('a'));
    expect(known.placement?.shards.map(({ id }) => id)).toEqual(['a:6379', 'b:6379']);
    expect([0, 8000, 8001, 8192, 16_383].map((slot) => known.placement?.nodeOf(slot)?.id)).toEqual([
      'a:6379',
      'a:6379',
      undefined,
      'b:6379',
      'b:6379',
    ]);
  });

  it('is the same value as long as nothing changes', () => {
    expect(withSlots(known, reach, ranges.toReversed())).toBe(known);
    expect(withMoved(known, 1, endpoint('a'))).toBe(known);
  });

  it('moves a slot after MOVED, even to an unknown node', () => {
    const moved = withMoved(withMoved(known, 1, endpoint('b')), 2, endpoint('new'));
    expect([0, 1, 2].map((slot) => moved.placement?.nodeOf(slot)?.id)).toEqual([
      'a:6379',
      'b:6379',
      'new:6379',
    ]);
    expect(known.placement?.nodeOf(1)?.id).toBe('a:6379');
    expect(moved.nodes).toHaveLength(5);
    expect(moved.epoch).toBe(known.epoch + 2);
  });

  it('changes when a replica follows another primary, or becomes one itself', () => {
    const after = withSlots(known, reach, [
      { first: 0, last: 8000, primary: at('a'), replicas: [at('c'), at('d')] },
      { first: 8192, last: 16_383, primary: at('b'), replicas: [] },
    ]);
    expect(after.nodes.find(({ id }) => id === 'd:6379')?.of).toBe('a:6379');
    expect(withMoved(known, 1, endpoint('c')).nodes.find(({ id }) => id === 'c:6379')).toEqual({
      id: 'c:6379',
      endpoint: endpoint('c'),
      role: 'master',
    });
  });

  it('counts a replica that became a primary once, whichever node reports it', () => {
    const moved = withMoved(known, 1, endpoint('c'));
    const after = withSlots(moved, reach, [
      { first: 0, last: 8000, primary: at('c'), replicas: [at('a')] },
      ...ranges.slice(0, 1),
    ]);
    const failovers = new Failovers();
    // an outdated node answers after the redirect; later the old primary takes over, and loses its role again
    const seen = [known, moved, known, after, known, after];
    const counted = seen.slice(1).map((topology, index) => failovers.between(seen[index] ?? known, topology));
    expect(counted).toEqual([1, 0, 0, 1, 1]);
    expect(new Failovers().between(known, after)).toBe(1);
  });
});
