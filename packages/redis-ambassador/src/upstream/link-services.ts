import type { Figures } from '../figures.ts';
import type { Turn } from './turn.ts';

/** A slow request. */
export interface SlowRequest {
  readonly bytes: Buffer;
  readonly durationMs: number;
  /** The node that answered. */
  readonly node: string;
  /** Address of the client; undefined for the ambassador itself. */
  readonly client: string | undefined;
}

/** Services shared by all links. */
export interface LinkServices {
  readonly turn: Turn;
  readonly figures: Figures;
  /** Monotonic clock in milliseconds. */
  readonly now: () => number;
  /** Deadline of the ambassador's own requests. */
  readonly timeoutMs: number;
  /** Silence of a dedicated link before a PING. */
  readonly pingAfterMs: number;
  /** Called with requests over shared links that took longer than `slowMs`. */
  readonly onSlow?: ((slow: SlowRequest) => void) | undefined;
  readonly slowMs: number;
  /** Larger replies are not delivered over shared links, if their requests can be retried. */
  readonly largeReplyBytes: number;
}
