import { Batch, type BatchLimits } from '../batch/batch.ts';
import { Bell } from '../tail/bell.ts';
import type { FileBatch, LineSource } from './line-source.ts';

export interface CourierOptions {
  readonly source: LineSource;
  readonly limits: BatchLimits;
  /** Delivers the batch to the sink, however long it takes. */
  readonly deliver: (batch: FileBatch) => Promise<void>;
  /** Milliseconds of the monotonic clock. */
  readonly now: () => number;
  /** Notes that the batch has been delivered, so that it survives a crash. */
  readonly commit: (batch: FileBatch) => Promise<void>;
}

/**
 * Delivers the lines of all files to one sink, and fills a batch while the previous one is in flight. Only one batch is
 * in flight, and it is committed before the next one leaves: each file stays in order, and a crash repeats at most one
 * batch. While the sink is away, nothing is read: the files are the buffer.
 */
export class Courier {
  readonly #options: CourierOptions;
  readonly #bell = new Bell();
  #batch: FileBatch;
  #spare: FileBatch;
  #isBusy = false;
  #isIdle = false;
  #isFinishing = false;
  /** Time of the last delivery. */
  deliveredAtMs = 0;

  constructor(options: CourierOptions) {
    this.#options = options;
    this.#batch = new Batch(options.limits);
    this.#spare = new Batch(options.limits);
  }

  /** Whether everything that could be read is delivered and committed. */
  get isCaughtUp(): boolean {
    return this.#isIdle;
  }

  /** There may be something to read. */
  wake(): void {
    this.#isIdle = false;
    this.#bell.ring();
  }

  /** Takes unfinished last lines as they are: their ends are not expected. */
  flush(): void {
    this.#options.source.takesPartials = true;
    this.wake();
  }

  /** Makes `run` end when everything is delivered, unfinished last lines included. */
  finish(): void {
    this.#isFinishing = true;
    this.flush();
  }

  /** @throws the errors of `deliver` */
  async run(): Promise<void> {
    let delivery = Promise.resolve();
    for (;;) {
      const filled = await this.#options.source.fill(this.#batch);
      const isEmpty = this.#batch.marks.size === 0;
      if (this.#isBusy && (isEmpty || filled === 'caught-up')) {
        // lines that arrive until the sink is free go together; the end of a delivery rings the bell
        await this.#bell.wait();
        if (!this.#isBusy) await delivery;
      } else if (isEmpty) {
        if (this.#isFinishing) return;
        this.#isIdle = true;
        await this.#bell.wait(this.#options.source.dueInMs());
      } else {
        await delivery;
        delivery = this.#send(this.#batch);
        delivery.catch(() => undefined); // is awaited above, maybe later
        [this.#batch, this.#spare] = [this.#spare, this.#batch];
      }
    }
  }

  async #send(batch: FileBatch): Promise<void> {
    this.#isBusy = true;
    try {
      await this.#options.deliver(batch);
      await this.#options.commit(batch);
      batch.clear();
      this.deliveredAtMs = this.#options.now();
    } finally {
      this.#isBusy = false;
      this.#bell.ring();
    }
  }
}
