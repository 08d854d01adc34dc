import type { RejectReason } from '../figures.ts';
import type { MemoryUser } from '../policy/memory-budget.ts';
import type { ClientState } from './client-state.ts';
import type { Dedicated } from './dedicated.ts';

/** A connected client, as others see it. */
export interface Client extends MemoryUser {
  readonly state: ClientState;
  /** Its dedicated link, if any. */
  readonly dedicated: Dedicated | undefined;
  /** Answers all requests so far, then closes the connection. */
  finish(): void;
  /** Cuts the client off at once. */
  cut(reason: RejectReason): void;
}
