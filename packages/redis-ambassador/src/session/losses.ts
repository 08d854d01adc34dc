import { RequestScanner } from '../resp/request-scanner.ts';
import type { Run } from '../upstream/in-flight.ts';
import type { LinkLoss } from '../upstream/reply-target.ts';

/** Requests of one client that were under way on a link that was lost. */
export interface Lost {
  readonly count: number;
  readonly size: number;
  readonly isMuted: boolean;
  readonly loss: LinkLoss;
  /** The requests, if they can be sent again. */
  readonly bytes: Buffer | undefined;
}

/** Notes what a run has lost; the run itself is used again. */
export function noteLost(run: Run, loss: LinkLoss): Lost {
  const isRepeatable =
    run.isRepeatable && !run.isMuted && loss.reason !== 'timeout' && loss.reason !== 'stopped';
  const bytes = isRepeatable && run.chunk !== undefined ? unanswered(run, run.chunk.bytes) : undefined;
  return { count: run.unanswered, size: run.end - run.start, isMuted: run.isMuted, loss, bytes };
}

/**
 * Parts what was lost into what gets an error and what can be sent again. Replies keep their order, so only
 * the last ones can be sent again: from behind the last one that cannot.
 */
export function partLost(
  lost: readonly Lost[],
  mayRepeat: boolean,
): { readonly failed: readonly Lost[]; readonly repeat: readonly Buffer[] } {
  const lastFailed = mayRepeat ? lost.findLastIndex(({ bytes }) => bytes === undefined) : lost.length - 1;
  const repeat = lost.slice(lastFailed + 1).flatMap(({ bytes }) => (bytes === undefined ? [] : [bytes]));
  return { failed: lost.slice(0, lastFailed + 1), repeat };
}

/** A copy of the run's requests that have no reply. */
function unanswered(run: Run, bytes: Buffer): Buffer {
  const scanner = new RequestScanner();
  let start = run.start;
  for (let request = 0; request < run.answered; request++) start = scanner.next(bytes, start, run.end);
  return Buffer.from(bytes.subarray(start, run.end));
}
