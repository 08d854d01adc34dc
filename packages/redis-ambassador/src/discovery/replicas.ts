import type { Nodes, Reads } from '../nodes.ts';
import { choose, isFit, type ReadFrom, type Replication, readReplication } from '../topology/replication.ts';
import type { Node, Topology } from '../topology/topology.ts';

/** What reading from replicas needs. */
export interface ReplicasOptions {
  readonly nodes: Nodes;
  readonly readFrom: Exclude<ReadFrom, 'primary'>;
  /** A replica that has not heard of its primary for longer is not read from. */
  readonly maxStalenessMs: number;
  readonly now: () => number;
}

const askEveryMs = 500;

/** Asks all replicas again and again how they follow their primaries, and tells which of them may be read from. */
export class Replicas implements Reads, Disposable {
  readonly #options: ReplicasOptions;
  readonly #timer: NodeJS.Timeout;
  /** By node, what it has said last. */
  readonly #said = new Map<string, Replication>();
  readonly #asked = new Set<string>();
  /** By primary, the replicas that are fit. */
  #fit: ReadonlyMap<string, readonly Node[]> = new Map();
  /** What that was found out for. */
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
    // a replica may have become a primary
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
      // it is gone, or does not tell this user
      this.#said.delete(node.id);
    }
    this.#asked.delete(node.id);
    const before = this.readable;
    this.#sort();
    if (this.readable > before) nodes.wake();
  }

  /** Finds out anew which are fit. */
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
