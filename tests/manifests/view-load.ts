import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** What became of the page views that were asked for. */
export interface Views {
  readonly acknowledged: number;
  /** How each of the others was answered. */
  readonly failed: readonly string[];
}

/** Page views of one page without a pause, from a thread of its own: what the test waits for does not hold them up. */
export class ViewLoad implements AsyncDisposable {
  readonly #worker: Worker;

  /** @param url of the page, as in `http://127.0.0.1:8080/api/views/home` */
  constructor(url: string) {
    this.#worker = new Worker(new URL('./view-load-thread.ts', import.meta.url), { workerData: url });
  }

  /** Ends it after the views under way. */
  async stop(): Promise<Views> {
    const result = once(this.#worker, 'message');
    this.#worker.postMessage('stop');
    const [views] = await result;
    return views;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }
}
