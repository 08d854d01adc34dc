import { expect, it } from 'vitest';
import { topology } from '../test/support/decisions.ts';
import { Nodes } from './nodes.ts';
import { type ServerInfo, unknownServer } from './upstream/login.ts';
import type { Upstream } from './upstream/upstream.ts';

it('the connections to a node stay when its server tells its role, and the topology is another one', async () => {
  const opened: Array<{ name: string; tell: (info: ServerInfo) => void; isClosed: boolean }> = [];
  const nodes = new Nodes(topology, ({ name }, tell) => {
    const upstream = {
      name,
      tell,
      isClosed: false,
      close: async () => {
        upstream.isClosed = true;
      },
    };
    opened.push(upstream);
    // the nodes use no more of an upstream than this one has
    return upstream as unknown as Upstream;
  });
  expect(opened).toMatchObject([{ name: 'redis:6379' }]);
  const before = nodes.at(nodes.topology.primary);
  opened[0]?.tell({ ...unknownServer, role: 'slave' });
  expect(nodes.topology).toMatchObject({ epoch: 1, primary: { role: 'slave' } });
  expect(topology.primary.role).toBe('unknown');
  expect(nodes.at(nodes.topology.primary)).toBe(before);
  await nodes.close();
  expect(opened).toMatchObject([{ isClosed: true }]);
});
