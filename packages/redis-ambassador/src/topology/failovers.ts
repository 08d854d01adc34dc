import type { Topology } from './topology.ts';

/** Counts the servers that have become primaries. Nodes of a Cluster that disagree do not make one count twice. */
export class Failovers {
  /** Counted servers that have not been seen to follow a later one. */
  readonly #promoted = new Set<string>();

  /** Returns the number of servers that became primaries between two topologies. */
  between(before: Topology, after: Topology): number {
    if (after.placement === undefined) {
      const was = before.primary.endpoint?.name;
      return Number(was !== undefined && was !== after.primary.endpoint?.name);
    }
    const wasReplica = new Set(before.nodes.filter(({ role }) => role === 'slave').map(({ id }) => id));
    const promoted = after.nodes.filter(
      ({ id, role }) => role === 'master' && wasReplica.has(id) && !this.#promoted.has(id),
    );
    for (const { id } of promoted) this.#promoted.add(id);
    for (const { id, of } of after.nodes)
      if (of !== undefined && this.#promoted.has(of)) this.#promoted.delete(id);
    return promoted.length;
  }
}
