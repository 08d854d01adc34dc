import type { RejectReason } from '../figures.ts';
import type { MemoryUser } from '../policy/memory-budget.ts';
import type { ClientState } from './client-state.ts';
import type { Dedicated } from './dedicated.ts';

/** A connected client, as others see it. */
export interface Client extends MemoryUser {
  readonly state: ClientState;
  /** The link that is dedicated to it, while there is one. */
  readonly dedicated: Dedicated | undefined;
  /** Answers what it has sent so far, and then lets it go. */
  finish(): void;
  /** Cuts it off at once. */
  cut(reason: RejectReason): void;
}
