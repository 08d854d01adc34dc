import { FaultLog, type Logger } from '@pod-patterns/kit';
import { FileSink } from '../sinks/file/file-sink.ts';
import { backoffMs } from './backoff.ts';
import type { Pause } from './pause.ts';

/**
 * Keeps records that a sink will never take, as they would have been sent, in a file. A disk that is full does
 * not lose them either: the sink they are from waits.
 */
export class DeadLetter implements AsyncDisposable {
  readonly #file: FileSink | undefined;
  readonly #fault: FaultLog;
  readonly #pause: Pause;
  /** Several sinks may share it; one record at a time. */
  #queue: Promise<void> = Promise.resolve();

  /** Without a path records are given up; they are counted all the same. */
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
