import type { LostRun, ReplyTarget, Run, RunLoss } from '../upstream/reply-target.ts';

/** Destination of the replies to some requests of a client, across links and retries. */
export interface Home extends ReplyTarget {
  /** Whether the client wants no replies. */
  readonly isMuted: boolean;
  /** Whether all its replies are complete. */
  readonly isSettled: boolean;
  /** Takes a reply of the ambassador itself, or a merged one. */
  give(reply: string | Buffer): void;
  /** Drops the beginning of a reply whose end will not come. False if the client already got it. */
  dropPartial(): boolean;
  /** Changes the bytes of pending requests; negative values free them. */
  changeBytes(bytes: number): void;
  /** Splits off the home of the next reply, and the rest of the same run. */
  single(): { readonly one: Home; readonly rest: Home | undefined };
}

/** Answer to a request that was not executed: the server's reason, and the number of freed request bytes. */
export interface Refusal {
  /** Undefined if the reply is not an error. */
  readonly text: string | undefined;
  readonly freedBytes: number;
}

/** Owner of all homes of a client. */
export interface HomeKeeper {
  /** Counts answered requests and their bytes. */
  settled(requests: number, bytes: number): void;
  /** Changes the bytes held for a merged reply; false if its client has disconnected. */
  gathered(bytes: number): boolean;
  /** Handles requests that will get no replies from this link. */
  lost(home: Home, run: LostRun, loss: RunLoss): void;
  /** Handles an error reply; true if the request is retried. */
  refused(home: Home, run: Run, refusal: Refusal): boolean;
  flush(): void;
  readonly clientAddress: string;
  /** Whether servers may have answered reads behind a request that they did not execute. */
  readonly areReadsDoubtful: boolean;
}
