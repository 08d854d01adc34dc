import type { Endpoint } from './topology/endpoint.ts';
import { type Node, type Topology, withRole } from './topology/topology.ts';
import type { ServerInfo } from './upstream/login.ts';
import type { Upstream } from './upstream/upstream.ts';

/** What the connections to a node need of the topology. */
export interface Place {
  readonly node: Node;
  /** Where the node is now. */
  readonly locate: () => Endpoint | undefined;
  /** Hears what the server there says of itself. */
  readonly onInfo: (info: ServerInfo) => void;
}

/** The topology that holds now, and the connections to its nodes. */
export class Nodes {
  #topology: Topology;
  readonly #open: (place: Place) => Upstream;
  readonly #upstreams = new Map<string, Upstream>();
  /** The connections to the primary of the topology. */
  readonly primary: Upstream;

  /** Opens the connections to the primary; those to another node are opened when it is used. */
  constructor(topology: Topology, open: (place: Place) => Upstream) {
    this.#topology = topology;
    this.#open = open;
    this.primary = this.at(topology.primary);
  }

  get topology(): Topology {
    return this.#topology;
  }

  /** The connections to this node, opened now if they are not. */
  at(node: Node): Upstream {
    const known = this.known(node);
    if (known !== undefined) return known;
    const { id } = node;
    const opened = this.#open({
      node,
      locate: () => this.#topology.nodes.find((one) => one.id === id)?.endpoint,
      onInfo: ({ role }) => {
        this.#topology = withRole(this.#topology, id, role);
      },
    });
    this.#upstreams.set(id, opened);
    return opened;
  }

  /** The connections to this node, if it was used. */
  known({ id }: Node): Upstream | undefined {
    return this.#upstreams.get(id);
  }

  /** From now on this one holds. Connections to where a node no longer is are given up. */
  replace(topology: Topology): void {
    const before = this.#topology;
    this.#topology = topology;
    for (const [id, upstream] of this.#upstreams) {
      const was = before.nodes.find((node) => node.id === id)?.endpoint?.name;
      const is = topology.nodes.find((node) => node.id === id)?.endpoint?.name;
      if (was !== is && is !== undefined) upstream.move(`it is at ${is} now`);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#upstreams.values()].map((upstream) => upstream.close()));
  }
}
