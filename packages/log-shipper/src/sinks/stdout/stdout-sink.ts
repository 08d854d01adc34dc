import { CodedError, exitCode } from '@pod-patterns/kit';
import type { Outcome, Records, Sink } from '../sink.ts';

/** Writes records to standard output, at the pace of its reader. Written to the pipe counts as acknowledged. */
export class StdoutSink implements Sink {
  readonly name = 'stdout:';
  readonly #stream: NodeJS.WritableStream;

  constructor(stream: NodeJS.WritableStream = process.stdout) {
    this.#stream = stream;
    // each write gets the error in its callback
    stream.on('error', () => undefined);
  }

  /** @throws CodedError `stdout-closed`: its reader is gone for good */
  send({ bytes }: Records, signal: AbortSignal): Promise<Outcome> {
    const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    this.#stream.write(bytes, (cause) => {
      signal.removeEventListener('abort', stop);
      if (cause === null || cause === undefined) return resolve({ kind: 'accepted' });
      const ends = { exitCode: exitCode.permanent, cause };
      reject(new CodedError('stdout-closed', `standard output is closed: ${cause.message}`, ends));
    });
    return promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
