import type { Command } from '../command/command.ts';
import type { Protocol } from '../resp/value.ts';

/** State of a client's connection, and its fields in CLIENT LIST. */
export interface ClientState {
  readonly id: number;
  /** `127.0.0.1:40312` */
  readonly address: string;
  readonly localAddress: string;
  /** Milliseconds since 1970. */
  readonly connectedAt: number;
  name: string;
  protocol: Protocol;
  db: number;
  user: string;
  isLoggedIn: boolean;
  library: string;
  libraryVersion: string;
  /** Whether it is in a transaction that no server knows yet. */
  isMultiOpen: boolean;
  /** Whether it wants replies (`CLIENT REPLY`). */
  hasReplies: boolean;
  /** Requests, including the current one, whose replies it does not want. */
  skips: number;
  /** Milliseconds since 1970. */
  lastActiveAt: number;
  lastCommand: Command | undefined;
}
