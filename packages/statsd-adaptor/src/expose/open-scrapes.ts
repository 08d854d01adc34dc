import type { ServerResponse } from 'node:http';

const maxScrapes = 4;

/**
 * The scrapes under way. Each holds lists of all names and some text, so they are few; who reads slowly must not keep
 * Prometheus out, so it is the oldest that makes room.
 */
export class OpenScrapes {
  readonly #counts: { cutScrapes: number };
  readonly #open = new Set<ServerResponse>();

  constructor(counts: { cutScrapes: number }) {
    this.#counts = counts;
  }

  add(response: ServerResponse): void {
    const [oldest] = this.#open;
    if (this.#open.size >= maxScrapes && oldest !== undefined) {
      this.#counts.cutScrapes++;
      this.#open.delete(oldest);
      oldest.destroy();
    }
    this.#open.add(response);
    response.once('close', () => this.#open.delete(response));
  }
}
