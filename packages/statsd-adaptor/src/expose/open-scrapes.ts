import type { ServerResponse } from 'node:http';

const maxScrapes = 4;

/**
 * The scrapes in progress. Each holds lists of all names and some text, so their number is limited. Slow readers must
 * not keep Prometheus out, so a new scrape cuts off the oldest.
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
