import type { Figures } from '../figures.ts';
import { ReplyScanner, replyType } from '../resp/reply-scanner.ts';
import { incomplete, malformed } from '../resp/request-scanner.ts';
import { Farewell } from './farewell.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { InFlight, Run } from './in-flight.ts';
import type { LinkServices } from './link-services.ts';
import type { Outbox } from './outbox.ts';
import { PartialReply } from './partial-reply.ts';
import type {
  DedicatedTarget,
  LinkLoss,
  Recipient,
  ReplySlice,
  ReplyTarget,
  RunLoss,
} from './reply-target.ts';

/** The link whose bytes are split. */
interface Owner {
  readonly isLost: boolean;
  /** Readable address of the server. */
  readonly node: string;
  lose(loss: LinkLoss): void;
}

/** State shared with its link. */
interface Parts {
  readonly services: LinkServices;
  readonly inFlight: InFlight;
  readonly outbox: Outbox;
  readonly heartbeat: Heartbeat;
}

const diverted: RunLoss = { reason: 'diverted', detail: 'the reply is too large for a shared connection' };

const slowNoteMs = 10;
/** Largest inspected error; far larger than any of Redis. */
const maxOfferedBytes = 8 * 1024 * 1024;

/** Splits the received bytes of a link into replies, and gives each to its target. */
export class ReplyCutter {
  /** Receives every frame that is not a reply; undefined on a shared link. */
  client: DedicatedTarget | undefined;
  isDedicated = false;
  /** Receive time of the latest bytes. */
  receivedAt: number;
  /** Time of the latest bytes of a reply, or of resumed reading. */
  movedAt = 0;

  readonly #link: Owner;
  readonly #services: LinkServices;
  readonly #now: () => number;
  readonly #figures: Figures;
  readonly #inFlight: InFlight;
  readonly #outbox: Outbox;
  readonly #heartbeat: Heartbeat;
  readonly #scanner = new ReplyScanner();
  readonly #partial: PartialReply;
  readonly #farewell = new Farewell();
  /** Time of the last recorded slow request. */
  #notedAt = Number.NEGATIVE_INFINITY;
  readonly #touched: Array<Recipient> = [];
  /** Received bytes of an inspected error. */
  #error: Buffer = Buffer.alloc(0);
  readonly #slice: ReplySlice = {
    bytes: Buffer.alloc(0),
    start: 0,
    wholeEnd: 0,
    end: 0,
    isHeldBack: false,
    replies: 0,
    freedBytes: 0,
  };

  constructor(link: Owner, { services, inFlight, outbox, heartbeat }: Parts) {
    this.#link = link;
    this.#services = services;
    this.#now = services.now;
    this.#figures = services.figures;
    this.#inFlight = inFlight;
    this.#outbox = outbox;
    this.#heartbeat = heartbeat;
    this.#partial = new PartialReply(services.largeReplyBytes, this.#scanner, inFlight);
    this.receivedAt = services.now();
  }

  /** Error with which the server refused the connection, if any. */
  get farewell(): string | undefined {
    return this.#farewell.reason;
  }

  dedicateTo(client: DedicatedTarget | undefined): void {
    this.isDedicated = true;
    this.client = client;
  }

  /** Splits the first `length` bytes. They may be overwritten after the call. */
  take(bytes: Buffer, length: number): void {
    this.receivedAt = this.#now();
    let at = 0;
    while (at < length && !this.#link.isLost) {
      if (this.#farewell.hasBegun) at = this.#takeStray(bytes, at, length);
      else at = this.isDedicated ? this.#cutOne(bytes, at, length) : this.#cutRun(bytes, at, length);
    }
    for (const target of this.#touched.splice(0)) target.flush();
  }

  /** Gives the oldest run its replies in this buffer, in one piece; returns their end. */
  #cutRun(bytes: Buffer, from: number, length: number): number {
    const run = this.#inFlight.head;
    if (run === undefined || (run.chunk?.written ?? 0) < run.end) return this.#takeStray(bytes, from, length);
    let wholeEnd = from;
    let end = from;
    let replies = 0;
    const isWary = run.target?.isWary === true;
    while (replies < run.unanswered && end < length) {
      const found = this.#scanner.next(bytes, wholeEnd, length);
      if (this.#scanner.type === replyType.push) return this.#refuse('an unexpected push');
      if (found === malformed) return this.#refuse(this.#scanner.fault);
      const isOffered = isWary || this.#scanner.type === replyType.error;
      if (isOffered && run.target?.takeError !== undefined) {
        if (replies > 0) this.#giveWhole(run, bytes, { start: from, end: wholeEnd, replies });
        return this.#cutError(run, bytes, { start: wholeEnd, found, length });
      }
      end = found === incomplete ? length : found;
      if (found === incomplete) break;
      wholeEnd = found;
      replies++;
    }
    if (replies > 0) this.#giveWhole(run, bytes, { start: from, end: wholeEnd, replies });
    if (end > wholeEnd) this.#cutPart(run, bytes, { start: wholeEnd, end });
    return end;
  }

  #giveWhole(
    run: Run,
    bytes: Buffer,
    { start, end, replies }: { readonly start: number; readonly end: number; readonly replies: number },
  ): void {
    this.#cutOut(bytes, start, end);
    this.#slice.end = end;
    this.#slice.replies = replies;
    this.#give(run);
    this.#partial.end();
  }

  /** Offers an error, or any reply, to a target that inspects it, once it is whole; returns its end. */
  #cutError(
    run: Run,
    bytes: Buffer,
    { start, found, length }: { readonly start: number; readonly found: number; readonly length: number },
  ): number {
    const end = found === incomplete ? length : found;
    this.#error = Buffer.concat([this.#error, bytes.subarray(start, end)]);
    if (this.#error.length > maxOfferedBytes) return this.#refuse('an unterminated error');
    if (found === incomplete) return length;
    const whole = this.#error;
    this.#error = Buffer.alloc(0);
    this.#cutOut(whole, 0, whole.length);
    this.#slice.end = whole.length;
    this.#slice.replies = 1;
    this.#slice.freedBytes = run.unanswered === 1 ? run.end - run.start : 0;
    const { target } = run;
    const text = whole.toString('latin1', 1, whole.length - 2);
    if (target?.takeError?.(run, text, this.#slice)) {
      this.#count(run, 1);
      this.#touch(target);
    } else this.#give(run);
    return end;
  }

  /** Gives a part of a reply, unless the reply is large and can be delivered over another link. */
  #cutPart(run: Run, bytes: Buffer, { start, end }: { readonly start: number; readonly end: number }): void {
    const fate = this.#partial.grow(end - start, run);
    if (fate === 'diverted') {
      this.#divert(run);
      return;
    }
    this.#cutOut(bytes, start, start);
    this.#slice.end = end;
    this.#slice.replies = 0;
    this.#slice.isHeldBack = fate === 'held-back';
    this.#give(run);
  }

  /** Lets the target of this run retry over another link. The replies here are discarded. */
  #divert({ target }: Run): void {
    if (target === undefined) return;
    for (const run of this.#inFlight.runsOf(target)) {
      target.takeLoss(run, diverted);
      run.target = undefined;
    }
    this.#touch(target);
  }

  /** Gives one reply, or an unsolicited frame, or the received part of it; returns its end. */
  #cutOne(bytes: Buffer, from: number, length: number): number {
    if (this.#heartbeat.isAwaited && !this.#scanner.isInside) {
      const end = this.#heartbeat.take(bytes, from, length);
      if (end > from) return end;
      const held = this.#heartbeat.release();
      if (held !== undefined) this.#cutFrame(held, 0, held.length);
    }
    return this.#cutFrame(bytes, from, length);
  }

  #cutFrame(bytes: Buffer, from: number, length: number): number {
    const run = this.#inFlight.head;
    if (run === undefined && this.client === undefined) return this.#takeStray(bytes, from, length);
    const found = this.#scanner.next(bytes, from, length);
    if (found === malformed) return this.#refuse(this.#scanner.fault);
    if (this.#scanner.type === replyType.error && run?.target?.takeError !== undefined) {
      return this.#cutError(run, bytes, { start: from, found, length });
    }
    this.#cutOut(bytes, from, found === incomplete ? from : found);
    const end = found === incomplete ? length : found;
    this.#slice.end = end;
    this.#slice.replies = found === incomplete ? 0 : 1;
    if (run !== undefined && this.#scanner.type !== replyType.push) this.#give(run);
    else if (this.client === undefined) return this.#refuse('a reply without a request');
    else {
      this.client.takeUnsolicited(this.#slice);
      this.#touch(this.client);
    }
    return end;
  }

  #cutOut(bytes: Buffer, start: number, wholeEnd: number): void {
    const slice = this.#slice;
    slice.bytes = bytes;
    slice.start = start;
    slice.wholeEnd = wholeEnd;
    slice.isHeldBack = false;
    slice.freedBytes = 0;
  }

  /** Gives the slice to its target. */
  #give(run: Run): void {
    const { target } = run;
    const slice = this.#slice;
    const { replies } = slice;
    this.movedAt = this.receivedAt;
    if (run.isMuted) slice.start = slice.wholeEnd = slice.end;
    if (run.unanswered === replies) slice.freedBytes = run.end - run.start;
    this.#count(run, replies);
    if (target === undefined) return;
    target.takeReplies(slice);
    this.#touch(target);
  }

  /** Counts answered requests of the run. */
  #count(run: Run, replies: number): void {
    run.unanswered -= replies;
    run.answered += replies;
    this.#inFlight.count -= replies;
    if (replies > 0) this.#observe(run, replies);
    if (run.unanswered > 0) return;
    if (run.chunk !== undefined) this.#outbox.release(run.chunk);
    this.#inFlight.removeHead();
  }

  #observe(run: Run, replies: number): void {
    const durationMs = this.receivedAt - run.sentAt;
    this.#figures.latency.observe(durationMs, replies);
    const { onSlow, slowMs } = this.#services;
    // blocking and subscribed clients wait on purpose
    if (durationMs < slowMs || onSlow === undefined || this.isDedicated) return;
    // when all are slow, not every one needs a record
    if (this.receivedAt - this.#notedAt < slowNoteMs) return;
    const client = (run.target?.recipient ?? run.target)?.clientAddress;
    if (client === undefined) return;
    this.#notedAt = this.receivedAt;
    onSlow({ bytes: run.requestAt(run.answered - 1), durationMs, node: this.#link.node, client });
  }

  /** Loses the link for an unsolicited frame; an error is the server's reason. */
  #takeStray(bytes: Buffer, from: number, length: number): number {
    if (!this.#farewell.take(bytes, from, length)) return this.#refuse('a reply without a request');
    const { reason } = this.#farewell;
    if (reason !== undefined) this.#link.lose({ reason: 'closed', detail: reason });
    return length;
  }

  #touch(target: ReplyTarget): void {
    const who = target.recipient ?? target;
    if (this.#touched.at(-1) !== who) this.#touched.push(who);
  }

  #refuse(what: string): number {
    this.#link.lose({ reason: 'protocol', detail: what });
    return Number.MAX_SAFE_INTEGER;
  }
}
