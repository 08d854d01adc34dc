import type { Endpoint } from './endpoint.ts';
import type { Single } from './source.ts';

/** One Redis server of a topology, or the place of one. */
export interface Node {
  /** Stays the same while the server at this place changes. */
  readonly id: string;
  /** Undefined while it is not known where it is. */
  readonly endpoint: Endpoint | undefined;
  /** As the server said at the latest login, or as the topology has it: `master`, `slave`, …. */
  readonly role: string;
  /** Why it cannot be reached, as far as others know. */
  readonly fault?: string;
}

/** Where Redis is: a value that is replaced whole, never changed. */
export interface Topology {
  readonly kind: 'standalone' | 'sentinel';
  /** Grows with each topology that takes the place of another. */
  readonly epoch: number;
  readonly nodes: readonly Node[];
  /** The node that every request can go to, whatever its keys. */
  readonly primary: Node;
  /** The database that clients begin with. */
  readonly db: number;
}

/** The id of the one primary. */
export const primaryId = 'primary';

/** The topology of one Redis server. */
export function standalone({ endpoint }: Pick<Single, 'endpoint'>): Topology {
  const primary = { id: primaryId, endpoint, role: 'unknown' };
  return { kind: 'standalone', epoch: 0, nodes: [primary], primary, db: endpoint.db };
}

/** The topology after the server of this node has told its role. */
export function withRole(topology: Topology, id: string, role: string): Topology {
  const node = topology.nodes.find((one) => one.id === id);
  if (node === undefined || node.role === role) return topology;
  const change = (one: Node) => (one === node ? { ...node, role } : one);
  const nodes = topology.nodes.map(change);
  return { ...topology, epoch: topology.epoch + 1, nodes, primary: change(topology.primary) };
}
