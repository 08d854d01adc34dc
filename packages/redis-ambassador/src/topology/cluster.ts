import type { Value } from '../resp/value.ts';
import { type Address, Endpoint, nameOf, type Reach } from './endpoint.ts';
import { keySlot, slotCount } from './key-slot.ts';
import type { Node, Placement, Topology } from './topology.ts';

/** Slots of a primary, and its replicas. */
export interface SlotRange {
  readonly first: number;
  readonly last: number;
  readonly primary: Address;
  readonly replicas: readonly Address[];
}

const none = 0xffff;

/** The nodes of a Cluster by slot. */
class SlotMap implements Placement {
  /** Index of the node, by slot. */
  readonly #owners: Uint16Array;
  readonly #nodes: readonly Node[];
  #shards: readonly Node[] | undefined;

  constructor(owners: Uint16Array, nodes: readonly Node[]) {
    this.#owners = owners;
    this.#nodes = nodes;
  }

  slotOf(bytes: Uint8Array, start: number, end: number): number {
    return keySlot(bytes, start, end);
  }

  nodeOf(slot: number): Node | undefined {
    return this.#nodes[this.#owners[slot] ?? none];
  }

  get shards(): readonly Node[] {
    this.#shards ??= [...new Set(this.#owners)].flatMap((owner) => this.#nodes[owner] ?? []);
    return this.#shards;
  }

  /** Copies the map with this slot moved; `nodes` extends the former list. */
  with(slot: number, owner: number, nodes: readonly Node[]): SlotMap {
    const owners = this.#owners.slice();
    owners[slot] = owner;
    return new SlotMap(owners, nodes);
  }

  isSame(other: SlotMap): boolean {
    return Buffer.from(this.#owners.buffer).equals(Buffer.from(other.#owners.buffer));
  }
}

/** Reads the reply to `CLUSTER SLOTS`; undefined if malformed. A node without a host is the one that answered. */
export function readSlots(reply: Value, answeredBy: Address): readonly SlotRange[] | undefined {
  if (!Array.isArray(reply)) return undefined;
  const ranges = reply.map((range) => readRange(range, answeredBy));
  return ranges.every((range) => range !== undefined) ? ranges : undefined;
}

function readRange(reply: Value, answeredBy: Address): SlotRange | undefined {
  const [first, last, ...nodes] = Array.isArray(reply) ? reply : [];
  const [primary, ...replicas] = nodes.map((node) => readNode(node, answeredBy));
  const isRange = Number(first) >= 0 && Number(last) < slotCount && Number(first) <= Number(last);
  if (!isRange || primary === undefined) return undefined;
  const known = replicas.filter((replica) => replica !== undefined);
  return { first: Number(first), last: Number(last), primary, replicas: known };
}

function readNode(reply: Value, answeredBy: Address): Address | undefined {
  const [host, port] = Array.isArray(reply) ? reply : [];
  return clusterAddress(typeof host === 'string' ? host : '', Number(port), answeredBy);
}

/** Reads an address from a node of a Cluster: an empty host is the node itself, and `?` is unknown. */
function clusterAddress(host: string, port: number, answeredBy: Address): Address | undefined {
  if (!(port > 0 && port < 65_536) || host === '?') return undefined;
  if (host !== '') return { host, port };
  return 'host' in answeredBy ? { host: answeredBy.host, port } : undefined;
}

/** Makes the topology before any node has answered. */
export function unknownCluster({ db }: Reach): Topology {
  const primary: Node = { id: 'unknown', endpoint: undefined, role: 'unknown' };
  const placement = new SlotMap(new Uint16Array(slotCount).fill(none), []);
  return { kind: 'cluster', epoch: 0, nodes: [], primary, placement, db };
}

/** Updates the topology by an answer; returns the same value if nothing changed. */
export function withSlots(before: Topology, reach: Reach, ranges: readonly SlotRange[]): Topology {
  const nodes: Node[] = [];
  const owners = new Uint16Array(slotCount).fill(none);
  const indexOf = (address: Address, role: Pick<Node, 'role' | 'of'>) => {
    const endpoint = new Endpoint({ ...reach, address });
    const known = nodes.findIndex(({ id }) => id === endpoint.name);
    return known < 0 ? nodes.push({ id: endpoint.name, endpoint, ...role }) - 1 : known;
  };
  const inOrder = ranges.toSorted((a, b) => a.first - b.first);
  for (const { first, last, primary } of inOrder) {
    owners.fill(indexOf(primary, { role: 'master' }), first, last + 1);
  }
  for (const { primary, replicas } of inOrder) {
    for (const replica of replicas) indexOf(replica, { role: 'slave', of: nameOf(primary) });
  }
  const placement = new SlotMap(owners, nodes);
  const [primary] = nodes;
  if (primary === undefined) return before;
  const isSame = placement.isSame(slotMapOf(before)) && describe(nodes) === describe(before.nodes);
  return isSame ? before : { ...before, epoch: before.epoch + 1, nodes, primary, placement };
}

/** Updates the topology after a node has redirected this slot to that address. */
export function withMoved(before: Topology, slot: number, endpoint: Endpoint): Topology {
  const owner = before.placement?.nodeOf(slot);
  if (owner?.id === endpoint.name) return before;
  const index = before.nodes.findIndex(({ id }) => id === endpoint.name);
  const isNew = index < 0;
  const moved: Node = { id: endpoint.name, endpoint, role: 'master' };
  const nodes = isNew ? [...before.nodes, moved] : before.nodes.with(index, moved);
  const placement = slotMapOf(before).with(slot, isNew ? nodes.length - 1 : index, nodes);
  const primary = before.nodes.length === 0 ? moved : before.primary;
  return { ...before, epoch: before.epoch + 1, nodes, primary, placement };
}

function slotMapOf({ placement }: Topology): SlotMap {
  if (!(placement instanceof SlotMap)) throw new Error('not the topology of a Cluster');
  return placement;
}

function describe(nodes: readonly Node[]): string {
  return nodes.map(({ id, role, of }) => `${id} ${role} ${of}`).join();
}
