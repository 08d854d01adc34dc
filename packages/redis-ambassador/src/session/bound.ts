import { unavailable } from '../command/words.ts';
import { type Redirect, readRedirect, withoutAddress } from '../decide/redirect.ts';
import { error } from '../resp/encode.ts';
import { ownReply, type ReplySlice, type Run } from '../upstream/reply-target.ts';
import type { Dedicated } from './dedicated.ts';
import type { Intake, PutBack } from './intake.ts';
import type { Redo } from './redo.ts';
import type { SessionParts } from './view.ts';
import type { Waiting } from './waiting.ts';

/** Dependencies on the session. */
interface Of {
  readonly intake: Intake;
  readonly waiting: Waiting;
  /** Closes the client's connection because its state is lost. */
  readonly end: () => void;
}

/** An error, and the number of freed request bytes. */
interface ErrorReply {
  readonly text: string;
  readonly freedBytes: number;
}

/** Maximum consecutive redirects of one request. */
const maxAttempts = 100;
const pauseMs = 50;
const moving = error('TRYAGAIN redis-ambassador: the keys are moving, or have just moved, to another server');
const ofOther = error('CROSSSLOT redis-ambassador: all keys of a transaction must be on one server');
const redirecting = /^-(?:MOVED|ASK) /;

/** Handles errors of a dedicated link that only say where, or when, to retry: the link is bound to one server. */
export class Bound {
  readonly #parts: SessionParts;
  readonly #redo: Redo;
  readonly #of: Of;
  #back: { readonly request: PutBack; readonly pauseMs: number } | undefined;
  #attempts = 0;

  constructor(parts: SessionParts, redo: Redo, of: Of) {
    this.#parts = parts;
    this.#redo = redo;
    this.#of = of;
  }

  /** Inspects an error of the dedicated link; true if it is hidden from the client. */
  takeError(run: Run, { text, freedBytes }: ErrorReply, dedicated: Dedicated): boolean {
    const { sender, output, services } = this.#parts;
    // the blocked client's server changed its role: workers survive a closed connection
    if (dedicated.isBlocking && text.startsWith('UNBLOCKED force unblock')) {
      sender.settled(1, freedBytes);
      this.#of.end();
      return true;
    }
    const redirect = readRedirect(text, services.nodes.topology.nodes);
    if (redirect === undefined) {
      this.#attempts = 0;
      return false;
    }
    const isOfOther = redirect.kind === 'moved' && this.#isKnown(redirect);
    this.#redo.note(redirect);
    sender.settled(1, freedBytes);
    const isFree = !dedicated.isInTransaction && !dedicated.isWatching && !dedicated.isPinned;
    if (isFree && this.#attempts++ < maxAttempts) {
      const { now, limits } = services;
      const readAt = dedicated.isBlocking ? now() : run.deadline - limits.timeoutMs;
      const request = { bytes: run.requestAt(run.answered), readAt };
      this.#back = { request, pauseMs: redirect.kind === 'moved' ? 0 : pauseMs };
      return true;
    }
    const outage = unavailable(services.nodes.name, withoutAddress(text));
    services.figures.countError(isOfOther ? 'refused' : 'unavailable');
    if (!run.isMuted) output.appendText(isOfOther ? ofOther : redirect.kind === 'outage' ? outage : moving);
    return true;
  }

  /** Tells whether the keys are at their known node, which is not the node the client is bound to. */
  #isKnown({ slot, address }: Extract<Redirect, { kind: 'moved' }>): boolean {
    const { nodes } = this.#parts.services;
    return nodes.topology.placement?.nodeOf(slot)?.id === nodes.nodeAt(address).id;
  }

  /** Inspects an uncounted reply; true if it was a redirect to another node. */
  takeUnsolicited({ bytes, start, wholeEnd, replies }: ReplySlice): boolean {
    const { services, output } = this.#parts;
    if (services.nodes.topology.kind === 'standalone' || replies !== 1) return false;
    const text = bytes.toString('latin1', start, Math.min(wholeEnd, start + 8));
    if (!redirecting.test(text)) return false;
    const frame = Buffer.from(moving);
    output.append(ownReply(frame));
    this.#parts.holder.current?.note(frame);
    return true;
  }

  /** Takes the request again, now that all others are answered. */
  goOn(): void {
    const back = this.#back;
    if (back === undefined || this.#parts.sender.inFlight > 0) return;
    this.#back = undefined;
    const { intake, waiting } = this.#of;
    intake.putBack([back.request]);
    if (back.pauseMs === 0) {
      intake.resume();
      return;
    }
    const { nodes, now } = this.#parts.services;
    waiting.start('pause', { node: nodes.topology.primary, until: now() + back.pauseMs });
  }
}
