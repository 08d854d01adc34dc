import type { Figures } from './figures.ts';
import { withMoved } from './topology/cluster.ts';
import type { Address, Endpoint } from './topology/endpoint.ts';
import { failoversBetween, type Node, type Topology, withRole } from './topology/topology.ts';
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

/** Which nodes reads go to. */
export interface Reads {
  /** How many replicas they may go to. */
  readonly readable: number;
  /** Where the client with this id reads what this primary has; undefined while that is nowhere. */
  nodeFor(primary: Node, client: number): Node | undefined;
}

const fromPrimaries: Reads = { readable: 0, nodeFor: (primary) => primary };

/** How a topology changes. */
export interface NodesOptions {
  /** What the upstream is called to clients. */
  readonly name: string;
  readonly topology: Topology;
  readonly open: (place: Place) => Upstream;
  readonly figures: Pick<Figures, 'failovers'>;
  /** An endpoint at this address, with the login of the upstream. */
  readonly endpointAt: (address: Address) => Endpoint;
}

const lookEveryMs = 50;
const retireMs = 15_000;

/** The topology that holds now, and the connections to its nodes. */
export class Nodes {
  readonly name: string;
  /** Asks where Redis is, soon. */
  hurry: () => void = () => {};
  reads: Reads = fromPrimaries;
  #topology: Topology;
  #primary: Upstream;
  readonly #options: NodesOptions;
  readonly #upstreams = new Map<string, Upstream>();
  readonly #waiting = new Map<() => void, number>();
  readonly #retiring = new Map<string, NodeJS.Timeout>();
  #look: NodeJS.Timeout | undefined;

  /** Opens the connections to the primary and to all that have keys; those to another node are opened when it is used. */
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

  /** All connections that are open. */
  get upstreams(): Iterable<Upstream> {
    return this.#upstreams.values();
  }

  get topology(): Topology {
    return this.#topology;
  }

  /** The connections to this node, opened now if they are not. */
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

  /** The connections to this node, if it was used. */
  readonly known = ({ id }: Node): Upstream | undefined => this.#upstreams.get(id);

  /** Whether the node is there, as far as is known. */
  readonly isUp = (node: Node): boolean => this.known(node)?.state.name === 'up';

  /** The node at this address, whether or not the topology has it. */
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

  /** A node has said that this slot is at that address. */
  moved(slot: number, address: Address): void {
    this.replace(withMoved(this.#topology, slot, this.#options.endpointAt(address)));
    this.hurry();
  }

  /** Calls back once, when another topology holds, or soon after that time. */
  waitForChange(resume: () => void, until: number): void {
    this.#waiting.set(resume, until);
    this.#look ??= setInterval(() => this.#resumeWaiting(performance.now()), lookEveryMs).unref();
  }

  /** Lets those look again who wait for a change. */
  wake(): void {
    this.#resumeWaiting(Number.POSITIVE_INFINITY);
  }

  /** From now on this one holds. Connections to where a node no longer is are given up. */
  replace(topology: Topology): void {
    const before = this.#topology;
    if (topology === before) return;
    this.#topology = topology;
    this.#primary = this.at(topology.primary);
    this.#options.figures.failovers += failoversBetween(before, topology);
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

  /** Closes the connections to a node that is gone; some nodes hear of a new one later than others, so not at once. */
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

  /** Lets those go on who wait until then at most. */
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

/** A figure of the connections to all nodes together. */
export function sumOf({ upstreams }: Pick<Nodes, 'upstreams'>, read: (upstream: Upstream) => number): number {
  return [...upstreams].reduce((total, upstream) => total + read(upstream), 0);
}
