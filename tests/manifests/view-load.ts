import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** Results of the requested page views. */
export interface Views {
  readonly acknowledged: number;
  /** Answers of the other requests. */
  readonly failed: readonly string[];
}

/** Sends page views of one page without a pause, from its own thread, so that the test does not delay them. */
export class ViewLoad implements AsyncDisposable {
  readonly #worker: Worker;

  /** @param url of the page, as in `http://127.0.0.1:8080/api/views/home` */
  constructor(url: string) {
    this.#worker = new Worker(new URL('./view-load-thread.ts', import.meta.url), { workerData: url });
  }

  /** Stops after the open requests. */
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
