import type { Endpoint } from './endpoint.ts';

/** One Redis server of a topology. */
export interface Node {
  readonly endpoint: Endpoint;
  /** As the server said at the latest login: `master`, `replica`, …. */
  readonly role: string;
}

/** Where Redis is: a value that is replaced whole, never changed. */
export interface Topology {
  readonly kind: 'standalone';
  /** Grows with each topology that takes the place of another. */
  readonly epoch: number;
  readonly nodes: readonly Node[];
  /** The node that every request can go to, whatever its keys. */
  readonly primary: Node;
  /** The database that clients begin with. */
  readonly db: number;
}

/** The topology of one Redis server. */
export function standalone(endpoint: Endpoint): Topology {
  return withNode({ endpoint, role: 'unknown' }, 0);
}

/** The topology after the one server has told its role. */
export function withRole(topology: Topology, role: string): Topology {
  if (topology.primary.role === role) return topology;
  return withNode({ endpoint: topology.primary.endpoint, role }, topology.epoch + 1);
}

function withNode(node: Node, epoch: number): Topology {
  return { kind: 'standalone', epoch, nodes: [node], primary: node, db: node.endpoint.db };
}
