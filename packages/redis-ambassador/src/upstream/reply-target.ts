import type { LossReason } from '../figures.ts';
import type { Chunk } from './outbox.ts';

/** A piece of what a link has read. The same object is used again: take what is needed at once. */
export interface ReplySlice {
  bytes: Buffer;
  start: number;
  /** Up to here whole replies (of which the first may have begun in an earlier slice). */
  wholeEnd: number;
  /** From `wholeEnd` up to here the beginning of a reply whose rest will come. */
  end: number;
  /** Whether that beginning must wait for its rest: it may yet be taken back (`takeLoss`). */
  isHeldBack: boolean;
  /** How many replies end within. */
  replies: number;
  /** Size of the requests whose memory is free now. */
  freedBytes: number;
}

/** A whole reply of our own, as a link would give it. */
export function ownReply(bytes: Buffer): ReplySlice {
  const end = bytes.length;
  return { bytes, start: 0, wholeEnd: end, end, isHeldBack: false, replies: 1, freedBytes: 0 };
}

/** Why a link was lost. */
export interface LinkLoss {
  readonly reason: LossReason;
  /** For people: `read ECONNRESET`. */
  readonly detail: string;
}

/** Why requests get no replies from a link; `diverted`: these would be too large for one that others use as well. */
export interface RunLoss {
  readonly reason: LossReason | 'diverted';
  /** For people. */
  readonly detail: string;
}

/** Requests of one target that were sent in one piece. */
export interface SentRun {
  /** Requests of the run that have no reply yet. */
  readonly unanswered: number;
  readonly answered: number;
  /** Whether all of it that has no reply can be sent again without changing anything, and is wanted. */
  readonly isRepeatable: boolean;
  /** When its replies had to be there, in milliseconds of the clock that never goes back. */
  readonly deadline: number;
  /** Whether the target wants no replies (`CLIENT REPLY OFF`). */
  readonly isMuted: boolean;
  /** The requests themselves lie here, from `start` to `end`, until all are answered. */
  readonly chunk: Chunk | undefined;
  readonly start: number;
  readonly end: number;
}

/** What gets the replies to its requests from a link, in the order in which it sent them. */
export interface ReplyTarget {
  /** Who is told by `flush`, if not the target itself: several targets may be of one client. */
  readonly recipient?: Recipient | undefined;
  /** The client's address, if it is one. */
  readonly clientAddress?: string;
  /** Whether it wants to look at every reply, as it does at errors. */
  readonly isWary?: boolean;
  /**
   * Looks at the error that is the reply to the next request of the run, and may take it: then the request counts as
   * answered here, and the target sees to it that it is asked again. Without it errors are replies like others.
   */
  readonly takeError?: ((run: Run, text: string, slice: ReplySlice) => boolean) | undefined;
  takeReplies(slice: ReplySlice): void;
  /** All that the link has read for now has been given. */
  flush(): void;
  /** These requests will have no replies, mostly as the link is lost; called for each run, then `flush`. */
  takeLoss(run: LostRun, loss: RunLoss): void;
}

/** Whom several targets belong to. */
export type Recipient = Pick<ReplyTarget, 'flush' | 'clientAddress'>;

/** A run of which single requests can be sent again. */
export interface LostRun extends SentRun {
  /** Of its requests, the last ones, that change nothing. */
  readonly readsAtEnd: number;
  /** A copy of one of its requests, counted from the first that was sent. */
  requestAt(index: number): Buffer;
}

/** A run that may be given to another target from here on. */
export interface Run extends LostRun {
  target: ReplyTarget | undefined;
}

/** Gets from the link that is dedicated to it also what is no reply to a request: messages, pushes. */
export interface DedicatedTarget extends ReplyTarget {
  takeUnsolicited(slice: ReplySlice): void;
}
