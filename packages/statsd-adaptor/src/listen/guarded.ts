import type { Logger } from '@pod-patterns/kit';
import type { Counts } from '../counts.ts';
import type { Pipeline } from '../pipeline.ts';

/** The receiver of the listeners' bytes. */
export interface Intake {
  readonly takeDatagram: (bytes: Buffer) => void;
  /** Takes the lines that end within the bytes; returns where the unfinished rest starts. */
  readonly takeLines: (bytes: Buffer) => number;
}

/**
 * Keeps the process alive when a bug makes the pipeline throw: the bytes are lost and counted, and the first such
 * error is logged.
 */
export function guarded(pipeline: Pipeline, counts: Counts, log: Pick<Logger, 'error'>): Intake {
  let isTold = false;
  const attempt = <Result>(take: () => Result, otherwise: Result): Result => {
    try {
      return take();
    } catch (error) {
      counts.internalErrors++;
      const stack = error instanceof Error ? error.stack : String(error);
      if (!isTold) log.error('lines lost to an internal error', { stack });
      isTold = true;
      return otherwise;
    }
  };
  return {
    takeDatagram: (bytes) => attempt(() => pipeline.takeDatagram(bytes), undefined),
    takeLines: (bytes) => attempt(() => pipeline.takeLines(bytes), bytes.length),
  };
}
