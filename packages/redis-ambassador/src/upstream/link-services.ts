import type { Figures } from '../figures.ts';
import type { Turn } from './turn.ts';

/** A request whose reply took long. */
export interface SlowRequest {
  readonly bytes: Buffer;
  readonly durationMs: number;
  /** The node that has answered. */
  readonly node: string;
  /** Who asked: the client's address, or nothing for the ambassador itself. */
  readonly client: string | undefined;
}

/** What all links share. */
export interface LinkServices {
  readonly turn: Turn;
  readonly figures: Figures;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** How long a request of the ambassador's own may take. */
  readonly timeoutMs: number;
  /** Silence of a dedicated link before the server is asked for a sign of life. */
  readonly pingAfterMs: number;
  /** Hears of requests over shared links that took longer than `slowMs`. */
  readonly onSlow?: ((slow: SlowRequest) => void) | undefined;
  readonly slowMs: number;
  /** Larger replies are not delivered over shared links, if they can be asked for again. */
  readonly largeReplyBytes: number;
}
