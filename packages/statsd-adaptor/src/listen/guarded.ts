import type { Logger } from '@pod-patterns/kit';
import type { Counts } from '../counts.ts';
import type { Pipeline } from '../pipeline.ts';

/** What listeners hand their bytes to. */
export interface Intake {
  readonly takeDatagram: (bytes: Buffer) => void;
  /** Takes the lines that end within the bytes; returns where the unfinished rest starts. */
  readonly takeLines: (bytes: Buffer) => number;
}

/**
 * No bytes may end the process, also not by a fault of ours that no test has found: what made the pipeline
 * throw is lost, counted and told once.
 */
export function guarded(pipeline: Pipeline, counts: Counts, log: Pick<Logger, 'error'>): Intake {
  let isTold = false;
  const attempt = <Result>(take: () => Result, otherwise: Result): Result => {
    try {
      return take();
    } catch (error) {
      counts.internalErrors++;
      const stack = error instanceof Error ? error.stack : String(error);
      if (!isTold) log.error('lines lost by an internal fault', { stack });
      isTold = true;
      return otherwise;
    }
  };
  return {
    takeDatagram: (bytes) => attempt(() => pipeline.takeDatagram(bytes), undefined),
    takeLines: (bytes) => attempt(() => pipeline.takeLines(bytes), bytes.length),
  };
}
