/** How much one client may use. */
export interface Limits {
  /** One request may take this long. */
  readonly timeoutMs: number;
  /** A request waits this long for a server that takes it. */
  readonly holdMs: number;
  /** Requests that were sent and are not answered, in bytes, and expected replies as well. */
  readonly inFlightBytes: number;
  /** Replies that the client has not read. */
  readonly unreadBytes: number;
  /** Larger replies come over a link of the client's own. */
  readonly largeReplyBytes: number;
  readonly maxClients: number;
}
