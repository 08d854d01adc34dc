import type { ErrorReason } from '../figures.ts';
import { error } from '../resp/encode.ts';
import { RequestScanner } from '../resp/request-scanner.ts';
import type { RunLoss, SentRun } from '../upstream/reply-target.ts';

/** Requests of one client that get no replies from their link. */
export interface Lost {
  readonly count: number;
  readonly size: number;
  readonly isMuted: boolean;
  readonly loss: RunLoss;
  readonly deadline: number;
  /** The requests, if they can be retried. */
  readonly bytes: Buffer | undefined;
}

const elsewhere: ReadonlySet<RunLoss['reason']> = new Set(['closed', 'diverted', 'moved']);

/** Losses after which another link may still give the reply. */
export function isElsewhere({ reason }: RunLoss): boolean {
  return elsewhere.has(reason);
}

/** Copies the lost requests of a run, because the run itself is reused. */
export function noteLost(run: SentRun, loss: RunLoss, now: number): Lost {
  const mayRepeat = run.isRepeatable && isElsewhere(loss) && now < run.deadline;
  const bytes = mayRepeat && run.chunk !== undefined ? requestsOf(run, run.chunk.bytes) : undefined;
  const { unanswered: count, isMuted, deadline } = run;
  return { count, size: run.end - run.start, isMuted, loss, deadline, bytes };
}

/**
 * Splits lost requests into those to fail and those to retry. Replies keep their order, so only
 * requests after the last one to fail can be retried. Requests that the client itself abandoned
 * get nothing.
 */
export function partLost(lost: readonly Lost[]): {
  readonly failed: readonly Lost[];
  readonly repeat: readonly Lost[];
} {
  const lastFailed = lost.findLastIndex(({ bytes }) => bytes === undefined);
  return {
    failed: lost.slice(0, lastFailed + 1).filter(({ loss }) => loss.reason !== 'abandoned'),
    repeat: lost.slice(lastFailed + 1),
  };
}

/** Makes the error for requests of a lost link, and its label in metrics. */
export function lossError({ reason, detail }: RunLoss): {
  readonly reason: ErrorReason;
  readonly text: string;
} {
  const text = (what: string) => error(`LOST redis-ambassador: ${what} (unknown outcome): ${detail}`);
  switch (reason) {
    case 'timeout':
    case 'diverted':
      return { reason: 'timeout', text: text('upstream timed out') };
    case 'protocol':
      return { reason: 'protocol', text: text('upstream protocol error') };
    default:
      return { reason: 'connection-lost', text: text('upstream connection lost') };
  }
}

/** Copies the pending requests of a run. */
function requestsOf(run: SentRun, bytes: Buffer): Buffer {
  const scanner = new RequestScanner();
  let start = run.start;
  for (let request = 0; request < run.answered; request++) start = scanner.next(bytes, start, run.end);
  return Buffer.from(bytes.subarray(start, run.end));
}
