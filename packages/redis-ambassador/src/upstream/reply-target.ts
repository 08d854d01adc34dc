import type { Run } from './in-flight.ts';

/** A piece of what a link has read. The same object is used again: take what is needed at once. */
export interface ReplySlice {
  bytes: Buffer;
  start: number;
  /** Up to here whole replies (of which the first may have begun in an earlier slice). */
  wholeEnd: number;
  /** From `wholeEnd` up to here the beginning of a reply whose rest will come. */
  end: number;
  /** How many replies end within. */
  replies: number;
  /** Size of the requests whose memory is free now. */
  freedBytes: number;
}

/** Why a link was lost. */
export interface LinkLoss {
  /** `abandoned`: the client whose own link it was has given it up. */
  readonly reason: 'closed' | 'timeout' | 'protocol' | 'stopped' | 'abandoned';
  /** For people: `read ECONNRESET`. */
  readonly detail: string;
}

/** What gets the replies to its requests from a link, in the order in which it sent them. */
export interface ReplyTarget {
  takeReplies(slice: ReplySlice): void;
  /** All that the link has read for now has been given. */
  flush(): void;
  /** The link is lost, and with it these requests; called for each run, then `flush`. */
  takeLoss(run: Run, loss: LinkLoss): void;
}

/** Gets from a link of its own also what is no reply to a request: messages, pushes. */
export interface ExclusiveTarget extends ReplyTarget {
  takeUnsolicited(slice: ReplySlice): void;
}
