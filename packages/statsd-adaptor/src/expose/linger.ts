import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@pod-patterns/kit';

export interface LingerOptions {
  /** For how long at most, in milliseconds; 0 does not linger. */
  readonly ms: number;
  /** Ends it before its time. */
  readonly cut: AbortSignal;
  readonly log: Pick<Logger, 'info' | 'warn'>;
}

/** Holds up the end until the exposition was read once more, so that Prometheus has the last counts. */
export class Linger implements AsyncDisposable {
  readonly #options: LingerOptions;
  readonly #scraped = new AbortController();
  #isEnding = false;

  constructor(options: LingerOptions) {
    this.#options = options;
  }

  /** Takes note of a scrape that begins; it counts if it is read to its end. */
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
    if (this.#scraped.signal.aborted) log.info('scraped once more');
    else log.warn('not scraped once more: the counts since the last scrape are lost', { waitedMs: ms });
  }
}
