import type { Endpoint } from './endpoint.ts';

/** One Redis server of a topology, or the place of one. */
export interface Node {
  /** Stays the same while the server at this place changes. */
  readonly id: string;
  /** Undefined while its address is unknown. */
  readonly endpoint: Endpoint | undefined;
  /** As the server said at the latest login, or as the topology has it: `master`, `slave`, …. */
  readonly role: string;
  /** For a replica, the id of its primary. */
  readonly of?: string;
  /** Fault that other nodes report for it. */
  readonly fault?: string;
}

/** Placement of keys on several servers. */
export interface Placement {
  /** Returns the slot of the key from `start` to `end`; one request may have several keys of the same slot. */
  slotOf(bytes: Uint8Array, start: number, end: number): number;
  /** Returns the node that has this slot; undefined while none does. */
  nodeOf(slot: number): Node | undefined;
  /** The nodes that have slots, in an order that failovers do not change. */
  readonly shards: readonly Node[];
}

/** Location and roles of the Redis servers: an immutable value. */
export interface Topology {
  readonly kind: 'standalone' | 'sentinel' | 'cluster' | 'ring';
  /** Grows with each new topology. */
  readonly epoch: number;
  readonly nodes: readonly Node[];
  /** Node for requests without a key, and for all requests if keys have no placement. */
  readonly primary: Node;
  /** Undefined while all keys are on one server. */
  readonly placement: Placement | undefined;
  /** Initial database of clients. */
  readonly db: number;
}

/** Id of the only primary. */
export const primaryId = 'primary';

/** Makes the topology of a single Redis server. */
export function standalone({ endpoint }: { readonly endpoint: Endpoint }): Topology {
  const primary = { id: primaryId, endpoint, role: 'unknown' };
  return { kind: 'standalone', epoch: 0, nodes: [primary], primary, placement: undefined, db: endpoint.db };
}

/** Updates the topology by a reported role; roles of replicas, and all roles with a placement, are already known. */
export function withRole(topology: Topology, id: string, role: string): Topology {
  const { primary } = topology;
  if (topology.placement !== undefined || id !== primary.id || primary.role === role) return topology;
  const changed = { ...primary, role };
  const nodes = topology.nodes.map((one) => (one === primary ? changed : one));
  return { ...topology, epoch: topology.epoch + 1, nodes, primary: changed };
}
