import type { ErrorReason } from '../figures.ts';
import { error } from '../resp/encode.ts';
import { RequestScanner } from '../resp/request-scanner.ts';
import type { RunLoss, SentRun } from '../upstream/reply-target.ts';

/** Requests of one client that get no replies from the link that they were sent over. */
export interface Lost {
  readonly count: number;
  readonly size: number;
  readonly isMuted: boolean;
  readonly loss: RunLoss;
  readonly deadline: number;
  /** The requests, if they can be sent again. */
  readonly bytes: Buffer | undefined;
}

const elsewhere: ReadonlySet<RunLoss['reason']> = new Set(['closed', 'diverted', 'moved']);

/** Whether what was lost may get its reply over another link. */
export function isElsewhere({ reason }: RunLoss): boolean {
  return elsewhere.has(reason);
}

/** Notes what a run has lost; the run itself is used again. */
export function noteLost(run: SentRun, loss: RunLoss, now: number): Lost {
  const mayRepeat = run.isRepeatable && isElsewhere(loss) && now < run.deadline;
  const bytes = mayRepeat && run.chunk !== undefined ? requestsOf(run, run.chunk.bytes) : undefined;
  const { unanswered: count, isMuted, deadline } = run;
  return { count, size: run.end - run.start, isMuted, loss, deadline, bytes };
}

/**
 * Parts what was lost into what gets an error and what can be sent again. Replies keep their order, so only
 * the last ones can be sent again: from behind the last one that cannot. What a client has given up itself
 * gets nothing.
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

/** The error that a request gets whose link was lost, and what it is counted as. */
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

/** A copy of the run's requests that have no reply. */
function requestsOf(run: SentRun, bytes: Buffer): Buffer {
  const scanner = new RequestScanner();
  let start = run.start;
  for (let request = 0; request < run.answered; request++) start = scanner.next(bytes, start, run.end);
  return Buffer.from(bytes.subarray(start, run.end));
}
