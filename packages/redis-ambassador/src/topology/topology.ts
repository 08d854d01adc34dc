import type { Endpoint } from './endpoint.ts';

/** One Redis server of a topology, or the place of one. */
export interface Node {
  /** Stays the same while the server at this place changes. */
  readonly id: string;
  /** Undefined while it is not known where it is. */
  readonly endpoint: Endpoint | undefined;
  /** As the server said at the latest login, or as the topology has it: `master`, `slave`, …. */
  readonly role: string;
  /** Of a replica the id of its primary. */
  readonly of?: string;
  /** Why it cannot be reached, as far as others know. */
  readonly fault?: string;
}

/** Which keys are where, when they lie on several servers. */
export interface Placement {
  /** The slot of the key from `start` to `end`: keys of the same slot can be asked for in one request. */
  slotOf(bytes: Uint8Array, start: number, end: number): number;
  /** The node that has this slot; undefined while none does. */
  nodeOf(slot: number): Node | undefined;
  /** The nodes that have slots, in an order that failovers do not change. */
  readonly shards: readonly Node[];
}

/** Where Redis is: a value that is replaced whole, never changed. */
export interface Topology {
  readonly kind: 'standalone' | 'sentinel' | 'cluster' | 'ring';
  /** Grows with each topology that takes the place of another. */
  readonly epoch: number;
  readonly nodes: readonly Node[];
  /** The node that requests go to that are about no key, and all requests where keys have no placement. */
  readonly primary: Node;
  /** Undefined while all keys are in one place. */
  readonly placement: Placement | undefined;
  /** The database that clients begin with. */
  readonly db: number;
}

/** The id of the one primary. */
export const primaryId = 'primary';

/** The topology of one Redis server. */
export function standalone({ endpoint }: { readonly endpoint: Endpoint }): Topology {
  const primary = { id: primaryId, endpoint, role: 'unknown' };
  return { kind: 'standalone', epoch: 0, nodes: [primary], primary, placement: undefined, db: endpoint.db };
}

/** The topology after the server of this node has told its role; those of replicas are known, and so are all where keys have a placement. */
export function withRole(topology: Topology, id: string, role: string): Topology {
  const { primary } = topology;
  if (topology.placement !== undefined || id !== primary.id || primary.role === role) return topology;
  const changed = { ...primary, role };
  const nodes = topology.nodes.map((one) => (one === primary ? changed : one));
  return { ...topology, epoch: topology.epoch + 1, nodes, primary: changed };
}

/** How many servers have become primaries between these two. */
export function failoversBetween(before: Topology, after: Topology): number {
  if (after.placement === undefined) {
    const was = before.primary.endpoint?.name;
    return Number(was !== undefined && was !== after.primary.endpoint?.name);
  }
  const wasReplica = new Set(before.nodes.filter(({ role }) => role === 'slave').map(({ id }) => id));
  return after.nodes.filter(({ id, role }) => role === 'master' && wasReplica.has(id)).length;
}
