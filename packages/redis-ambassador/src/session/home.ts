import type { LostRun, ReplyTarget, Run, RunLoss } from '../upstream/reply-target.ts';

/** Where the replies to some requests of a client belong, wherever they come from and however often it is asked. */
export interface Home extends ReplyTarget {
  /** Whether the client wants no replies. */
  readonly isMuted: boolean;
  /** Whether all its replies have come. */
  readonly isSettled: boolean;
  /** Takes a reply of our own, or one that is made of several. */
  give(reply: string | Buffer): void;
  /** Forgets the beginning of a reply whose end will not come. False if the client has got it already. */
  dropPartial(): boolean;
  /** So many more bytes of requests are under way, or fewer when negative. */
  changeBytes(bytes: number): void;
  /** The home of the next reply alone, and that of what comes after it in the same run. */
  single(): { readonly one: Home; readonly rest: Home | undefined };
}

/** What a server has answered to a request: why it was not executed, as the server says; and how many bytes of requests are free now. */
export interface Refusal {
  /** Undefined for a reply that is no error. */
  readonly text: string | undefined;
  readonly freedBytes: number;
}

/** Whom all homes of a client belong to. */
export interface HomeKeeper {
  /** So many requests, of so many bytes, are answered. */
  settled(requests: number, bytes: number): void;
  /** So many more bytes wait to become a part of a reply, or fewer when negative; false if nobody will get that. */
  gathered(bytes: number): boolean;
  /** Requests will have no replies from this link. */
  lost(home: Home, run: LostRun, loss: RunLoss): void;
  /** A server has answered an error; true if the request is asked again. */
  refused(home: Home, run: Run, refusal: Refusal): boolean;
  flush(): void;
  readonly clientAddress: string;
  /** Whether servers may have answered reads that came behind what they did not execute. */
  readonly areReadsDoubtful: boolean;
}
