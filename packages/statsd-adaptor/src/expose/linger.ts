import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@pod-patterns/kit';

export interface LingerOptions {
  /** Maximum time, in milliseconds; 0 does not linger. */
  readonly ms: number;
  /** Ends it early. */
  readonly cut: AbortSignal;
  readonly log: Pick<Logger, 'info' | 'warn'>;
}

/** Delays shutdown until the next complete scrape, so that Prometheus gets the last counts. */
export class Linger implements AsyncDisposable {
  readonly #options: LingerOptions;
  readonly #scraped = new AbortController();
  #isEnding = false;

  constructor(options: LingerOptions) {
    this.#options = options;
  }

  /** Notes the start of a scrape, which counts if it is read to the end. */
  watch(response: ServerResponse): void {
    if (this.#isEnding) response.once('finish', () => this.#scraped.abort());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { ms, cut, log } = this.#options;
    if (ms === 0) return;
    this.#isEnding = true;
    log.info('lingering until the next scrape', { atMostMs: ms });
    const signal = AbortSignal.any([this.#scraped.signal, cut]);
    await delay(ms, undefined, { signal }).catch(() => {});
    if (this.#scraped.signal.aborted) log.info('scraped before shutdown');
    else log.warn('not scraped before shutdown: counts since the last scrape are lost', { waitedMs: ms });
  }
}
