import { FaultLog, type Logger } from '@pod-patterns/kit';
import { FileSink } from '../sinks/file/file-sink.ts';
import { backoffMs } from './backoff.ts';
import type { Pause } from './pause.ts';

/**
 * Appends records that a sink refuses for good to a file, in the form in which they were sent. If the disk is full, the
 * sink waits, and no record is lost.
 */
export class DeadLetter implements AsyncDisposable {
  readonly #file: FileSink | undefined;
  readonly #fault: FaultLog;
  readonly #pause: Pause;
  /** Serializes the records of several sinks. */
  #queue: Promise<void> = Promise.resolve();

  /** Without a path, records are dropped, but still counted. */
  constructor(path: string | undefined, log: Logger, pause: Pause) {
    this.#pause = pause;
    this.#file = path === undefined ? undefined : new FileSink({ name: `file://${path}`, path });
    this.#fault = new FaultLog(log, 'dead-letter file');
  }

  /** Resolves when the record is on disk. @throws when no time is left */
  write(record: Buffer): Promise<void> {
    const file = this.#file;
    if (file === undefined) return Promise.resolve();
    const written = this.#queue.then(() => this.#append(file, record));
    this.#queue = written.catch(() => undefined);
    return written;
  }

  async #append(file: FileSink, record: Buffer): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      const outcome = await file.send({ bytes: record });
      if (outcome.kind === 'accepted') return this.#fault.recovered();
      this.#fault.failed(outcome.detail, { file: file.name });
      await this.#pause(backoffMs(attempt));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#queue;
    await this.#file?.[Symbol.asyncDispose]();
  }
}
