import { setTimeout as delay } from 'node:timers/promises';
import type { Figures } from '../figures.ts';
import type { Nodes } from '../nodes.ts';
import { readSlots, withSlots } from '../topology/cluster.ts';
import type { Endpoint } from '../topology/endpoint.ts';
import type { Seeds } from '../topology/source.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { Knock } from './knock.ts';

/** Dependencies of `ClusterDiscovery`. */
export interface DiscoveryOptions {
  readonly source: Seeds;
  readonly nodes: Nodes;
  readonly figures: Figures;
  /** Opens the connections to a seed. */
  readonly open: (endpoint: Endpoint) => Upstream;
}

const askEveryMs = 5000;
/** Interval while no node has answered. */
const retryMs = 200;
/** Minimum interval, however many clients are redirected. */
const askPauseMs = 50;
/** Deadline for one node: a frozen one must not delay the others. */
const answerWithinMs = 1000;

/** Keeps the topology up to date by asking a live node of the Cluster, else a seed. */
export class ClusterDiscovery implements AsyncDisposable {
  readonly #options: DiscoveryOptions;
  readonly #knock = new Knock();
  readonly #ended: Promise<void>;
  /** The connections to seeds, while no node of the topology answers. */
  #seeds: readonly Upstream[] = [];
  #turn = 0;
  #isStopped = false;

  constructor(options: DiscoveryOptions) {
    this.#options = options;
    this.#ended = this.#askOnAndOn();
  }

  /** Asks soon, because slots may have moved. */
  hurry(): void {
    this.#knock.knock();
  }

  async #askOnAndOn(): Promise<void> {
    const { figures } = this.#options;
    while (!this.#isStopped) {
      const isKnown = (await this.#askNodes()) || (await this.#askSeeds());
      if (this.#isStopped) return;
      figures.countRefresh(isKnown ? 'ok' : 'failed');
      await delay(askPauseMs, undefined, { ref: false });
      await this.#knock.heard(isKnown ? askEveryMs : retryMs);
    }
  }

  /** Asks live nodes, another one first each time, until one answers. */
  async #askNodes(): Promise<boolean> {
    const { nodes } = this.#options;
    const up = [...nodes.upstreams].filter(({ state }) => state.name === 'up');
    const first = this.#turn++ % (up.length || 1);
    // a replica may be partitioned from the others without noticing
    const replicas = new Set(nodes.topology.nodes.filter(({ role }) => role === 'slave').map(nodes.known));
    const inTurn = [...up.slice(first), ...up.slice(0, first)];
    for (const node of inTurn.toSorted((a, b) => Number(replicas.has(a)) - Number(replicas.has(b)))) {
      if (!(await this.#ask(node))) continue;
      this.#closeSeeds();
      return true;
    }
    return false;
  }

  /** Asks all seeds at once and resolves their names again. */
  async #askSeeds(): Promise<boolean> {
    const { source, open } = this.#options;
    if (this.#seeds.length === 0) this.#seeds = source.seeds.map(open);
    const asked = this.#seeds.map(async (seed) => {
      if (!(await this.#ask(seed))) throw new Error('no answer');
    });
    return Promise.any(asked).then(
      () => true,
      () => false,
    );
  }

  async #ask(node: Upstream): Promise<boolean> {
    const { nodes, source } = this.#options;
    const asked = node.ask(['CLUSTER', 'SLOTS']).catch(() => undefined);
    const reply = await Promise.race([asked, delay(answerWithinMs, undefined, { ref: false })]);
    const { address } = node;
    if (this.#isStopped || reply === undefined || address === undefined) return false;
    const ranges = readSlots(reply, address);
    // a node without slots has left, or has not joined
    if (ranges === undefined || ranges.length === 0) return false;
    nodes.replace(withSlots(nodes.topology, source.reach, ranges));
    return true;
  }

  #closeSeeds(): void {
    const seeds = this.#seeds;
    this.#seeds = [];
    for (const seed of seeds) void seed.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopped = true;
    this.#knock.knock();
    const seeds = this.#seeds;
    await Promise.all(seeds.map((seed) => seed.close()));
    await this.#ended;
  }
}
