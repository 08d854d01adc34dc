import type { Endpoint } from './topology/endpoint.ts';
import { type Node, type Topology, withRole } from './topology/topology.ts';
import type { ServerInfo } from './upstream/login.ts';
import type { Upstream } from './upstream/upstream.ts';

/** Opens the connections to a node; `onInfo` hears what its server says of itself. */
type Open = (endpoint: Endpoint, onInfo: (info: ServerInfo) => void) => Upstream;

/** The topology that holds now, and the connections to its nodes. */
export class Nodes {
  #topology: Topology;
  readonly #open: Open;
  readonly #upstreams = new Map<Endpoint, Upstream>();
  /** The connections to the primary of the topology. */
  readonly primary: Upstream;

  /** Opens all nodes. */
  constructor(topology: Topology, open: Open) {
    this.#topology = topology;
    this.#open = open;
    for (const node of topology.nodes) this.at(node);
    this.primary = this.at(topology.primary);
  }

  get topology(): Topology {
    return this.#topology;
  }

  /** The connections to this node. */
  at({ endpoint }: Node): Upstream {
    const known = this.#upstreams.get(endpoint);
    if (known !== undefined) return known;
    const opened = this.#open(endpoint, ({ role }) => {
      this.#topology = withRole(this.#topology, role);
    });
    this.#upstreams.set(endpoint, opened);
    return opened;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#upstreams.values()].map((upstream) => upstream.close()));
  }
}
