/** Limits of one client. */
export interface Limits {
  /** Deadline of one request. */
  readonly timeoutMs: number;
  /** Time a request waits for a server that accepts it. */
  readonly holdMs: number;
  /** Bytes of pending requests, including expected replies. */
  readonly inFlightBytes: number;
  /** Bytes of unread replies. */
  readonly unreadBytes: number;
  /** Larger replies use a dedicated link. */
  readonly largeReplyBytes: number;
  readonly maxClients: number;
}
