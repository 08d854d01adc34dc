import { mergeReplies } from '../command/merge.ts';
import type { GatherAction } from '../decide/action.ts';
import { scanReply } from '../decide/scan-cursor.ts';
import type { Protocol } from '../resp/value.ts';
import type { Topology } from '../topology/topology.ts';
import type { LostRun, Recipient, ReplySlice, Run, RunLoss } from '../upstream/reply-target.ts';
import type { Home, HomeKeeper } from './home.ts';

/** Collects the replies to the parts of one request, and gives the merged reply to its home. */
export class Gather {
  readonly parts: readonly GatherPart[];
  #missing: number;
  readonly #done: (replies: readonly Buffer[]) => void;

  /** @param done receives the whole replies in the order of the parts */
  constructor(count: number, keeper: HomeKeeper, done: (replies: readonly Buffer[]) => void) {
    this.#missing = count;
    this.#done = done;
    this.parts = Array.from({ length: count }, () => new GatherPart(keeper, () => this.#came()));
  }

  #came(): void {
    if (--this.#missing > 0 || this.parts.some(({ isAbandoned }) => isAbandoned)) return;
    const replies = this.parts.map(({ reply }) => reply);
    for (const part of this.parts) part.drop();
    this.#done(replies);
  }
}

/** Destination of the reply to one part. */
class GatherPart implements Home {
  readonly isMuted = false;
  isSettled = false;
  /** Whether its client has disconnected. */
  isAbandoned = false;
  readonly #keeper: HomeKeeper;
  readonly #whole: () => void;
  #held: Buffer[] = [];
  #heldBytes = 0;

  constructor(keeper: HomeKeeper, whole: () => void) {
    this.#keeper = keeper;
    this.#whole = whole;
  }

  get recipient(): Recipient {
    return this.#keeper;
  }

  get reply(): Buffer {
    return Buffer.concat(this.#held);
  }

  takeReplies({ bytes, start, end, replies }: ReplySlice): void {
    this.#hold(Buffer.from(bytes.subarray(start, end)));
    if (replies > 0) this.#settle();
  }

  #hold(bytes: Buffer): void {
    if (this.#keeper.gathered(bytes.length)) {
      this.#held.push(bytes);
      this.#heldBytes += bytes.length;
    } else this.isAbandoned = true;
  }

  /** Drops the replies so far. */
  drop(): void {
    this.#keeper.gathered(-this.#heldBytes);
    this.#held = [];
    this.#heldBytes = 0;
  }

  takeLoss(run: LostRun, loss: RunLoss): void {
    this.#keeper.lost(this, run, loss);
  }

  takeError(run: Run, text: string): boolean {
    return this.#keeper.refused(this, run, { text, freedBytes: 0 });
  }

  flush(): void {
    this.#keeper.flush();
  }

  give(reply: string | Buffer): void {
    this.drop();
    this.#hold(typeof reply === 'string' ? Buffer.from(reply, 'latin1') : reply);
    this.#settle();
  }

  #settle(): void {
    this.isSettled = true;
    this.#whole();
  }

  dropPartial(): boolean {
    this.drop();
    return true;
  }

  // count the whole request, not its parts
  changeBytes(): void {}

  single(): { readonly one: Home; readonly rest: undefined } {
    return { one: this, rest: undefined };
  }
}

/** Merges the replies to the parts of this request. */
export function mergeParts(
  { merge, parts, request }: GatherAction,
  replies: readonly Buffer[],
  { protocol, topology }: { readonly protocol: Protocol; readonly topology: Topology },
): Buffer {
  const whole = parts.map(({ places }, index) => ({ reply: replies[index] ?? Buffer.alloc(0), places }));
  if (merge !== 'scan') return mergeReplies(merge, whole, { protocol, random: Math.random });
  return scanReply(replies[0] ?? Buffer.alloc(0), request.text(1), topology.placement?.shards.length ?? 0);
}
