import type { Figures } from './figures.ts';
import { withMoved } from './topology/cluster.ts';
import type { Address, Endpoint } from './topology/endpoint.ts';
import { Failovers } from './topology/failovers.ts';
import { type Node, type Topology, withRole } from './topology/topology.ts';
import type { ServerInfo } from './upstream/login.ts';
import type { Upstream } from './upstream/upstream.ts';

/** View of the topology for the connections to a node. */
export interface Place {
  readonly node: Node;
  /** Returns the current endpoint of the node. */
  readonly locate: () => Endpoint | undefined;
  /** Called with the server's description of itself. */
  readonly onInfo: (info: ServerInfo) => void;
}

/** Choice of nodes for reads. */
export interface Reads {
  /** Number of replicas fit for reads. */
  readonly readable: number;
  /** Returns the node from which the client with this id reads this primary's data; undefined while there is none. */
  nodeFor(primary: Node, client: number): Node | undefined;
}

const fromPrimaries: Reads = { readable: 0, nodeFor: (primary) => primary };

/** Dependencies of `Nodes`. */
export interface NodesOptions {
  /** Name of the upstream in errors to clients. */
  readonly name: string;
  readonly topology: Topology;
  readonly open: (place: Place) => Upstream;
  readonly figures: Pick<Figures, 'failovers'>;
  /** Makes the endpoint at this address, with the login of the upstream. */
  readonly endpointAt: (address: Address) => Endpoint;
}

const lookEveryMs = 50;
const retireMs = 15_000;

/** The current topology, and the connections to its nodes. */
export class Nodes {
  readonly name: string;
  /** Triggers an early refresh of the topology. */
  hurry: () => void = () => {};
  reads: Reads = fromPrimaries;
  #topology: Topology;
  readonly #failovers = new Failovers();
  #primary: Upstream;
  readonly #options: NodesOptions;
  readonly #upstreams = new Map<string, Upstream>();
  readonly #waiting = new Map<() => void, number>();
  readonly #retiring = new Map<string, NodeJS.Timeout>();
  #look: NodeJS.Timeout | undefined;

  /** Connects to the primary and to all nodes with keys; other nodes are connected on first use. */
  constructor(options: NodesOptions) {
    this.name = options.name;
    this.#options = options;
    this.#topology = options.topology;
    this.#primary = this.at(options.topology.primary);
    for (const shard of options.topology.placement?.shards ?? []) this.at(shard);
  }

  /** The connections to the primary of the topology. */
  get primary(): Upstream {
    return this.#primary;
  }

  /** All open upstreams. */
  get upstreams(): Iterable<Upstream> {
    return this.#upstreams.values();
  }

  get topology(): Topology {
    return this.#topology;
  }

  /** Returns the connections to this node, and opens them if necessary. */
  at(node: Node): Upstream {
    const known = this.known(node);
    if (known !== undefined) return known;
    const { id } = node;
    const opened = this.#options.open({
      node,
      locate: () => (this.#topology.nodes.find((one) => one.id === id) ?? node).endpoint,
      onInfo: ({ role }) => {
        this.#topology = withRole(this.#topology, id, role);
      },
    });
    this.#upstreams.set(id, opened);
    return opened;
  }

  /** Returns the connections to this node, if it was used. */
  readonly known = ({ id }: Node): Upstream | undefined => this.#upstreams.get(id);

  /** Tells whether the node is up, as far as known. */
  readonly isUp = (node: Node): boolean => this.known(node)?.state.name === 'up';

  /** Returns the node at this address, even if the topology does not have it. */
  nodeAt(address: Address): Node {
    const endpoint = this.#options.endpointAt(address);
    return (
      this.#topology.nodes.find(({ id }) => id === endpoint.name) ?? {
        id: endpoint.name,
        endpoint,
        role: 'master',
      }
    );
  }

  /** Moves a slot to the address that a node has named. */
  moved(slot: number, address: Address): void {
    this.replace(withMoved(this.#topology, slot, this.#options.endpointAt(address)));
    this.hurry();
  }

  /** Calls back once, at the next change of topology, or soon after that time. */
  waitForChange(resume: () => void, until: number): void {
    this.#waiting.set(resume, until);
    this.#look ??= setInterval(() => this.#resumeWaiting(performance.now()), lookEveryMs).unref();
  }

  /** Wakes all waiters for a change. */
  wake(): void {
    this.#resumeWaiting(Number.POSITIVE_INFINITY);
  }

  /** Installs a topology and drops connections to former addresses of nodes. */
  replace(topology: Topology): void {
    const before = this.#topology;
    if (topology === before) return;
    this.#topology = topology;
    this.#primary = this.at(topology.primary);
    this.#options.figures.failovers += this.#failovers.between(before, topology);
    for (const [id, upstream] of this.#upstreams) {
      const was = before.nodes.find((node) => node.id === id);
      const is = topology.nodes.find((node) => node.id === id);
      if (is === undefined) this.#retire(id, upstream);
      else if (was !== undefined && was.endpoint?.name !== is.endpoint?.name) upstream.move();
      else upstream.wake();
    }
    for (const shard of topology.placement?.shards ?? []) this.at(shard);
    this.wake();
  }

  /** Closes the connections to a vanished node after a delay, because nodes learn of each other at different times. */
  #retire(id: string, upstream: Upstream): void {
    upstream.wake();
    if (this.#retiring.has(id)) return;
    const isKnown = upstream.address !== undefined;
    const close = () => {
      this.#retiring.delete(id);
      if (this.#topology.nodes.some((node) => node.id === id)) return;
      this.#upstreams.delete(id);
      void upstream.close();
    };
    if (isKnown) this.#retiring.set(id, setTimeout(close, retireMs).unref());
    else close();
  }

  /** Wakes waiters whose time is over. */
  #resumeWaiting(until: number): void {
    const due = [...this.#waiting].filter(([, last]) => last <= until);
    for (const [resume] of due) this.#waiting.delete(resume);
    if (this.#waiting.size === 0) {
      clearInterval(this.#look);
      this.#look = undefined;
    }
    for (const [resume] of due) resume();
  }

  async close(): Promise<void> {
    clearInterval(this.#look);
    for (const timer of this.#retiring.values()) clearTimeout(timer);
    await Promise.all([...this.#upstreams.values()].map((upstream) => upstream.close()));
  }
}

/** Sums a figure over all nodes. */
export function sumOf({ upstreams }: Pick<Nodes, 'upstreams'>, read: (upstream: Upstream) => number): number {
  return [...upstreams].reduce((total, upstream) => total + read(upstream), 0);
}
