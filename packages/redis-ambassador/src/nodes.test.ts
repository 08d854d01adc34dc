import { describe, expect, it } from 'vitest';
import { topology } from '../test/support/decisions.ts';
import { Nodes, type Place } from './nodes.ts';
import { type Address, Endpoint } from './topology/endpoint.ts';
import { unknownServer } from './upstream/login.ts';
import type { Upstream } from './upstream/upstream.ts';

const reach = { tls: undefined, user: undefined, password: undefined, db: 0 };

/** Connections that only record calls. */
class FakeUpstream {
  readonly place: Place;
  readonly done: string[] = [];

  constructor(place: Place) {
    this.place = place;
  }

  move(): void {
    this.done.push('moved');
  }

  wake(): void {
    this.done.push('woken');
  }

  async close(): Promise<void> {
    this.done.push('closed');
  }
}

function openAll(): { nodes: Nodes; opened: FakeUpstream[] } {
  const opened: FakeUpstream[] = [];
  const open = (place: Place) => {
    const upstream = new FakeUpstream(place);
    opened.push(upstream);
    // the nodes use only these members of an upstream
    return upstream as unknown as Upstream;
  };
  const endpointAt = (address: Address) => new Endpoint({ ...reach, address });
  const nodes = new Nodes({ name: 'x', topology, open, endpointAt, figures: { failovers: 0 } });
  return { nodes, opened };
}

describe('the connections to a node', () => {
  it('stay when its server reports its role, which changes the topology', async () => {
    const { nodes, opened } = openAll();
    expect(opened.map(({ place }) => place.locate()?.name)).toEqual(['redis:6379']);
    const before = nodes.at(nodes.topology.primary);
    opened[0]?.place.onInfo({ ...unknownServer, role: 'slave' });
    expect(nodes.topology).toMatchObject({ epoch: 1, primary: { role: 'slave' } });
    expect(topology.primary.role).toBe('unknown');
    expect(nodes.at(nodes.topology.primary)).toBe(before);
    await nodes.close();
    expect(opened[0]?.done).toEqual(['closed']);
  });

  it('are closed and reopened when the node moves', () => {
    const { nodes, opened } = openAll();
    const endpoint = new Endpoint({ ...reach, address: { host: 'other', port: 1 } });
    const primary = { ...topology.primary, endpoint };
    nodes.replace({ ...topology, nodes: [primary], primary });
    nodes.replace({ ...topology, nodes: [primary], primary });
    expect(opened[0]?.done).toEqual(['moved', 'woken']);
    expect(opened[0]?.place.locate()).toBe(endpoint);
    expect(opened).toHaveLength(1);
  });
});
