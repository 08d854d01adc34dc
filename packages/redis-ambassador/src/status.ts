import type { AdminHandler, Readiness } from '@pod-patterns/kit';
import { memoryUse, sendJson } from '@pod-patterns/kit';
import { sumOf } from './nodes.ts';
import type { SessionServices } from './session/services.ts';
import { describeNode } from './topology-report.ts';
import type { Upstream } from './upstream/upstream.ts';

const rateEveryMs = 1000;

/** Answers `/status`: the state of the ambassador and of the topology behind it, for a page. */
export class Status implements Disposable {
  readonly #services: SessionServices;
  readonly #timer: NodeJS.Timeout;
  #perSecond = 0;
  #total = 0;
  #at: number;

  constructor(services: SessionServices) {
    this.#services = services;
    this.#at = services.now();
    this.#timer = setInterval(() => this.#measure(), rateEveryMs).unref();
  }

  readonly answer: AdminHandler = (_, response) => sendJson(response, 200, this.report());

  /** Returns current figures and the topology, for a page. */
  report() {
    const { clients, nodes, figures } = this.#services;
    const { topology, primary: upstream } = nodes;
    return {
      clients: clients.count,
      links: {
        shared: sumOf(nodes, ({ sharedLinkCount }) => sharedLinkCount),
        dedicated: sumOf(nodes, ({ dedicated }) => dedicated.count),
      },
      inFlight: sumOf(nodes, ({ inFlightCount }) => inFlightCount),
      memory: memoryUse(),
      commands: { total: figures.commandsTotal, perSecond: this.#perSecond },
      errors: { total: [...figures.errors.values()].reduce((sum, count) => sum + count, 0) },
      upstream: stateOf(upstream),
      topology: {
        kind: topology.kind,
        nodes: topology.nodes.map((node) => describeNode(node, nodes)),
      },
    };
  }

  #measure(): void {
    const total = this.#services.figures.commandsTotal;
    const now = this.#services.now();
    this.#perSecond = Math.round(((total - this.#total) * 1000) / (now - this.#at));
    this.#total = total;
    this.#at = now;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/**
 * Answers `/readyz`: ready as soon as the ambassador listens, even while the upstream is down. It then answers clients
 * with errors, and the pod's other containers can start and work without Redis. Includes the upstream's state.
 */
export function readyz(readiness: Readiness, { nodes }: SessionServices): AdminHandler {
  return (_, response) => {
    const upstream = stateOf(nodes.primary);
    sendJson(response, readiness.isReady ? 200 : 503, { ...readiness.report(), upstream });
  };
}

function stateOf({ state: { name, since, reason } }: Upstream) {
  return {
    state: name,
    since: new Date(since).toISOString(),
    ...(reason === undefined ? {} : { reason }),
  };
}
