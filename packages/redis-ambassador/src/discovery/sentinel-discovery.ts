import type { Figures } from '../figures.ts';
import type { Nodes } from '../nodes.ts';
import type { Endpoint } from '../topology/endpoint.ts';
import { type SentinelAnswer, withAnswers } from '../topology/sentinel.ts';
import type { Sentinels } from '../topology/source.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { SentinelWatch } from './sentinel-watch.ts';

/** Dependencies of `SentinelDiscovery`. */
export interface DiscoveryOptions {
  readonly source: Sentinels;
  readonly nodes: Nodes;
  readonly figures: Figures;
  /** Opens the connections to a Sentinel. */
  readonly open: (endpoint: Endpoint) => Upstream;
}

/** Bound on the number of Sentinels; far above real setups. */
const maxSentinels = 32;

/** Keeps the topology up to date by the answers of all Sentinels: those of the URL, and those that they name. */
export class SentinelDiscovery implements AsyncDisposable {
  readonly #options: DiscoveryOptions;
  readonly #watches = new Map<string, SentinelWatch>();
  readonly #answers = new Map<string, SentinelAnswer>();

  constructor(options: DiscoveryOptions) {
    this.#options = options;
    for (const sentinel of options.source.sentinels) this.#watch(sentinel);
  }

  /** Asks soon, because the primary may have changed. */
  hurry(): void {
    for (const watch of this.#watches.values()) watch.hurry();
  }

  #watch(sentinel: Endpoint): void {
    if (this.#watches.has(sentinel.name) || this.#watches.size >= maxSentinels) return;
    const watch = new SentinelWatch({
      sentinel: this.#options.open(sentinel),
      primaryName: this.#options.source.name,
      onAnswer: (answer) => this.#take(sentinel.name, answer),
    });
    this.#watches.set(sentinel.name, watch);
  }

  #take(name: string, answer: SentinelAnswer | undefined): void {
    const { figures, source } = this.#options;
    figures.countRefresh(answer === undefined ? 'failed' : 'ok');
    // the last answer of a lost Sentinel may be long out of date
    if (answer === undefined) this.#answers.delete(name);
    else this.#answers.set(name, answer);
    this.#replace();
    this.#forget();
    for (const address of answer?.sentinels ?? []) this.#watch(source.sentinelAt(address));
  }

  #replace(): void {
    const { nodes, source } = this.#options;
    nodes.replace(withAnswers(nodes.topology, source, this.#answers.values()));
  }

  /** Drops Sentinels named neither by the URL nor by another Sentinel. */
  #forget(): void {
    const { source } = this.#options;
    const answers = [...this.#answers.values()];
    // while none answers, any of them may be the first to do so again
    if (answers.length === 0) return;
    const named = answers.flatMap(({ sentinels }) => sentinels.map((one) => source.sentinelAt(one).name));
    const kept = new Set([...source.sentinels.map(({ name }) => name), ...this.#answers.keys(), ...named]);
    for (const [name, watch] of this.#watches) {
      if (kept.has(name)) continue;
      this.#watches.delete(name);
      void watch[Symbol.asyncDispose]();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#watches.values()].map((watch) => watch[Symbol.asyncDispose]()));
  }
}
