import type { Nodes } from '../nodes.ts';
import { type Ejection, ringTopology, type Shards } from '../topology/ring-url.ts';

/** Ejects failing servers of a ring, and takes them back after a while, whether or not they are up. */
export class Ejections implements Disposable {
  readonly #source: Shards;
  readonly #nodes: Nodes;
  readonly #rules: Ejection;
  /** Consecutive failures by node. */
  readonly #failures = new Map<string, number>();
  /** Timer that takes a node back, by node. */
  readonly #out = new Map<string, NodeJS.Timeout>();

  constructor(source: Shards, nodes: Nodes, rules: Ejection) {
    this.#source = source;
    this.#nodes = nodes;
    this.#rules = rules;
  }

  /** Counts a failed or lost connection to this node. */
  failed(id: string): void {
    if (this.#out.has(id)) return;
    const failures = (this.#failures.get(id) ?? 0) + 1;
    this.#failures.set(id, failures);
    if (failures < this.#rules.failureLimit) return;
    const comeBack = () => {
      this.#out.delete(id);
      this.#failures.delete(id);
      this.#replace();
    };
    this.#out.set(id, setTimeout(comeBack, this.#rules.retryMs).unref());
    this.#replace();
  }

  /** Resets the failures of this node after a successful connection. */
  succeeded(id: string): void {
    this.#failures.delete(id);
  }

  #replace(): void {
    const isLive = ({ node }: { readonly node: { readonly id: string } }) => !this.#out.has(node.id);
    this.#nodes.replace(ringTopology(this.#source, this.#nodes.topology.epoch + 1, isLive));
  }

  [Symbol.dispose](): void {
    for (const timer of this.#out.values()) clearTimeout(timer);
  }
}
