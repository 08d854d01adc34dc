import type { LossReason } from '../figures.ts';
import type { Chunk } from './outbox.ts';

/** A piece of the bytes read by a link. The object is reused: consume it at once. */
export interface ReplySlice {
  bytes: Buffer;
  start: number;
  /** End of the whole replies (the first may have begun in an earlier slice). */
  wholeEnd: number;
  /** End of the beginning of a reply, from `wholeEnd`, whose rest will come. */
  end: number;
  /** Whether that beginning must wait for its rest: it may still be dropped (`takeLoss`). */
  isHeldBack: boolean;
  /** Number of replies that end within. */
  replies: number;
  /** Size of the freed requests. */
  freedBytes: number;
}

/** Makes the slice of a whole reply of the ambassador itself. */
export function ownReply(bytes: Buffer): ReplySlice {
  const end = bytes.length;
  return { bytes, start: 0, wholeEnd: end, end, isHeldBack: false, replies: 1, freedBytes: 0 };
}

/** Reason for the loss of a link. */
export interface LinkLoss {
  readonly reason: LossReason;
  /** Readable cause: `read ECONNRESET`. */
  readonly detail: string;
}

/** Reason for missing replies from a link; `diverted`: they would be too large for a shared one. */
export interface RunLoss {
  readonly reason: LossReason | 'diverted';
  /** Readable cause. */
  readonly detail: string;
}

/** Requests of one target, sent in one piece. */
export interface SentRun {
  /** Number of pending requests of the run. */
  readonly unanswered: number;
  readonly answered: number;
  /** Whether all its pending requests change nothing and are wanted, so they can be retried. */
  readonly isRepeatable: boolean;
  /** Deadline of its replies, in milliseconds of the monotonic clock. */
  readonly deadline: number;
  /** Whether the target wants no replies (`CLIENT REPLY OFF`). */
  readonly isMuted: boolean;
  /** Bytes of the requests, from `start` to `end`, until all are answered. */
  readonly chunk: Chunk | undefined;
  readonly start: number;
  readonly end: number;
}

/** Receiver of the replies to its requests from a link, in order. */
export interface ReplyTarget {
  /** Receiver of `flush`, if not the target itself: several targets may belong to one client. */
  readonly recipient?: Recipient | undefined;
  /** The client's address, if any. */
  readonly clientAddress?: string;
  /** Whether it inspects every reply, not only errors. */
  readonly isWary?: boolean;
  /**
   * Inspects the error reply to the next request of the run, and may take it: then the request counts as
   * answered here, and the target retries it. Without this method errors are usual replies.
   */
  readonly takeError?: ((run: Run, text: string, slice: ReplySlice) => boolean) | undefined;
  takeReplies(slice: ReplySlice): void;
  /** Called when all bytes read so far have been given. */
  flush(): void;
  /** Called for each run that will get no replies, mostly as the link is lost; then `flush`. */
  takeLoss(run: LostRun, loss: RunLoss): void;
}

/** Owner of several targets. */
export type Recipient = Pick<ReplyTarget, 'flush' | 'clientAddress'>;

/** A run whose single requests can be retried. */
export interface LostRun extends SentRun {
  /** Number of trailing requests that change nothing. */
  readonly readsAtEnd: number;
  /** Copies one of its requests, counted from the first one sent. */
  requestAt(index: number): Buffer;
}

/** A run that may be moved to another target. */
export interface Run extends LostRun {
  target: ReplyTarget | undefined;
}

/** Receiver for a dedicated link: also gets frames that are not replies, such as messages and pushes. */
export interface DedicatedTarget extends ReplyTarget {
  takeUnsolicited(slice: ReplySlice): void;
}
