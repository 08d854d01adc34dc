import { expect, it } from 'vitest';
import { ownerOf } from './cluster-nodes.ts';

const nodes = `07c37df 10.0.0.1:6379@16379,redis-0 myself,master - 0 0 1 connected 0-5460 9000
67ed2db 10.0.0.2:6379@16379,redis-1 master,fail - 0 1 2 connected 5461-8999
292f8b3 10.0.0.3:6379@16379,redis-2 slave 07c37df 0 1 2 connected
e7d1eec 10.0.0.4:6379@16379,redis-3,shard-id=ab master - 0 1 3 connected 9001-16383 [5461->-67ed2db]`;

it.each([
  ['the first of a range', 0, 'redis-0'],
  ['the last of a range', 5460, 'redis-0'],
  ['a slot alone', 9000, 'redis-0'],
  ['one of a primary that has failed', 6000, undefined],
  ['one of a node with more than a name', 16383, 'redis-3'],
  ['one that nobody has', 20000, undefined],
])('finds the primary of a slot: %s', (_, slot, name) => {
  expect(ownerOf(nodes, slot)).toBe(name);
});
