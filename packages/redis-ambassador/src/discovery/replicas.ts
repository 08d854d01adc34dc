import type { Nodes, Reads } from '../nodes.ts';
import { choose, isFit, type ReadFrom, type Replication, readReplication } from '../topology/replication.ts';
import type { Node, Topology } from '../topology/topology.ts';

/** Dependencies of `Replicas`. */
export interface ReplicasOptions {
  readonly nodes: Nodes;
  readonly readFrom: Exclude<ReadFrom, 'primary'>;
  /** Maximum time since a replica heard from its primary. */
  readonly maxStalenessMs: number;
  readonly now: () => number;
}

const askEveryMs = 500;

/** Polls the replication state of all replicas, and chooses the ones fit for reads. */
export class Replicas implements Reads, Disposable {
  readonly #options: ReplicasOptions;
  readonly #timer: NodeJS.Timeout;
  /** Latest replication state by node. */
  readonly #said = new Map<string, Replication>();
  readonly #asked = new Set<string>();
  /** Fit replicas by primary. */
  #fit: ReadonlyMap<string, readonly Node[]> = new Map();
  /** Topology that these were computed for. */
  #topology: Topology | undefined;

  constructor(options: ReplicasOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#look(), askEveryMs).unref();
  }

  get readable(): number {
    return [...this.#fit.values()].reduce((sum, { length }) => sum + length, 0);
  }

  nodeFor(primary: Node, client: number): Node | undefined {
    const { nodes, readFrom } = this.#options;
    // a replica may have become a primary meanwhile
    if (this.#topology !== nodes.topology) this.#sort();
    const replica = choose(this.#fit.get(primary.id) ?? [], client, nodes.isUp);
    return replica ?? (readFrom === 'prefer-replica' ? primary : undefined);
  }

  #look(): void {
    const replicas = this.#replicas();
    for (const node of replicas) void this.#ask(node);
    for (const id of this.#said.keys()) if (!replicas.some((one) => one.id === id)) this.#said.delete(id);
    this.#sort();
  }

  #replicas(): readonly Node[] {
    return this.#options.nodes.topology.nodes.filter(({ role }) => role === 'slave');
  }

  async #ask(node: Node): Promise<void> {
    if (this.#asked.has(node.id)) return;
    this.#asked.add(node.id);
    const { nodes, now } = this.#options;
    const askedAt = now();
    try {
      const reply = await nodes.at(node).ask(['INFO', 'replication']);
      this.#said.set(node.id, readReplication(reply, askedAt));
    } catch {
      // it is gone, or this user may not ask
      this.#said.delete(node.id);
    }
    this.#asked.delete(node.id);
    const before = this.readable;
    this.#sort();
    if (this.readable > before) nodes.wake();
  }

  /** Computes the fit replicas again. */
  #sort(): void {
    const { nodes, now, maxStalenessMs } = this.#options;
    this.#topology = nodes.topology;
    const bounds = { now: now(), maxStalenessMs };
    const fit = this.#replicas().filter(({ id }) => isFit(this.#said.get(id), bounds));
    this.#fit = Map.groupBy(fit, ({ of = '' }) => of);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
