import type { Nodes } from './nodes.ts';
import type { SessionServices } from './session/services.ts';
import { slotCount } from './topology/key-slot.ts';
import type { Node, Topology } from './topology/topology.ts';

const roles: Readonly<Record<string, string>> = { master: 'primary', slave: 'replica', shard: 'shard' };

/** Builds the answer of `/topology`. */
export function topologyReport({ nodes, figures }: Pick<SessionServices, 'nodes' | 'figures'>) {
  const { topology } = nodes;
  const slots = slotsByNode(topology);
  const describe = (node: Node) => {
    const { address, role, state, latencyMs } = describeNode(node, nodes);
    return { address, role: roles[role] ?? 'primary', state, slots: slots.get(node.id) ?? [], latencyMs };
  };
  return {
    kind: topology.kind,
    nodes: topology.nodes.map(describe),
    failovers: figures.failovers,
    refreshes: [...figures.refreshes.values()].reduce((sum, count) => sum + count, 0),
    redirects: figures.redirects,
  };
}

/** Describes a node, with Redis' word for its role; the report of other nodes counts while it is unused. */
export function describeNode(node: Node, nodes: Nodes) {
  const { id, endpoint, role, fault } = node;
  const { state, latencyMs } = nodes.known(node) ?? {};
  return {
    address: endpoint?.name ?? id,
    role,
    state: state?.name ?? (fault === undefined ? 'up' : 'down'),
    latencyMs: latencyMs === undefined ? null : Math.round(latencyMs * 1000) / 1000,
  };
}

/** Lists the slots of each node of a Cluster, as first and last of each range. */
function slotsByNode({ kind, placement }: Topology): ReadonlyMap<string, Array<[number, number]>> {
  const ranges = new Map<string, Array<[number, number]>>();
  if (kind !== 'cluster') return ranges;
  for (let slot = 0; slot < slotCount; slot++) {
    const id = placement?.nodeOf(slot)?.id;
    if (id === undefined) continue;
    const own = ranges.get(id) ?? [];
    const last = own.at(-1);
    if (last?.[1] === slot - 1) last[1] = slot;
    else own.push([slot, slot]);
    ranges.set(id, own);
  }
  return ranges;
}
