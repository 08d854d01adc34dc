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

/** The link whose bytes are cut. */
interface Owner {
  readonly isLost: boolean;
  /** Where it goes, for people. */
  readonly node: string;
  lose(loss: LinkLoss): void;
}

/** What it shares with its link. */
interface Parts {
  readonly services: LinkServices;
  readonly inFlight: InFlight;
  readonly outbox: Outbox;
  readonly heartbeat: Heartbeat;
}

const diverted: RunLoss = { reason: 'diverted', detail: 'the reply is too large for a shared connection' };

const slowNoteMs = 10;
/** Far more than Redis ever says in an error; what is larger is not looked at for long. */
const maxOfferedBytes = 8 * 1024 * 1024;

/** Cuts the bytes that a link receives into replies, and gives each to the target that asked. */
export class ReplyCutter {
  /** Gets everything that is no reply; undefined on a shared link. */
  client: DedicatedTarget | undefined;
  isDedicated = false;
  /** When the latest bytes came. */
  receivedAt: number;
  /** When the latest bytes of a reply came, or reading went on. */
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
  /** When a slow request was noted last. */
  #notedAt = Number.NEGATIVE_INFINITY;
  readonly #touched: Array<Recipient> = [];
  /** What has come of an error that is looked at. */
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

  /** The error with which the server has turned the connection away, if it has. */
  get farewell(): string | undefined {
    return this.#farewell.reason;
  }

  dedicateTo(client: DedicatedTarget | undefined): void {
    this.isDedicated = true;
    this.client = client;
  }

  /** Cuts the first `length` bytes. They are not needed after the call. */
  take(bytes: Buffer, length: number): void {
    this.receivedAt = this.#now();
    let at = 0;
    while (at < length && !this.#link.isLost) {
      if (this.#farewell.hasBegun) at = this.#takeStray(bytes, at, length);
      else at = this.isDedicated ? this.#cutOne(bytes, at, length) : this.#cutRun(bytes, at, length);
    }
    for (const target of this.#touched.splice(0)) target.flush();
  }

  /** Gives the oldest run what this buffer has of its replies, in one piece; returns where that ends. */
  #cutRun(bytes: Buffer, from: number, length: number): number {
    const run = this.#inFlight.head;
    if (run === undefined || (run.chunk?.written ?? 0) < run.end) return this.#takeStray(bytes, from, length);
    let wholeEnd = from;
    let end = from;
    let replies = 0;
    const isWary = run.target?.isWary === true;
    while (replies < run.unanswered && end < length) {
      const found = this.#scanner.next(bytes, wholeEnd, length);
      if (this.#scanner.type === replyType.push)
        return this.#refuse('an unexpected push on a shared connection');
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

  /** Offers an error, or any reply, to a target that looks at it, once it is whole; returns where it ends. */
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

  /** Gives a part of a reply, unless that is large and can be delivered over another link. */
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

  /** Lets the target of this run ask again elsewhere. The replies that come are thrown away. */
  #divert({ target }: Run): void {
    if (target === undefined) return;
    for (const run of this.#inFlight.runsOf(target)) {
      target.takeLoss(run, diverted);
      run.target = undefined;
    }
    this.#touch(target);
  }

  /** Gives one reply, or what is no reply to anything, or the part of it that is here; returns its end. */
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

  /** Gives the slice to the one who asked. */
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

  /** So many requests of the run are answered. */
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
    // who blocks, or listens, has asked for it
    if (durationMs < slowMs || onSlow === undefined || this.isDedicated) return;
    // when all are slow there is no need to note each of them
    if (this.receivedAt - this.#notedAt < slowNoteMs) return;
    const client = (run.target?.recipient ?? run.target)?.clientAddress;
    if (client === undefined) return;
    this.#notedAt = this.receivedAt;
    onSlow({ bytes: run.requestAt(run.answered - 1), durationMs, node: this.#link.node, client });
  }

  /** What no request has asked for loses the link; an error is the server's own reason. */
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
