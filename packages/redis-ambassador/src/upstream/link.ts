import type { Socket } from 'node:net';
import { CodedError } from '@pod-patterns/kit';
import type { Figures } from '../figures.ts';
import { encodeRequest } from '../resp/encode.ts';
import { ReplyScanner, replyType } from '../resp/reply-scanner.ts';
import { incomplete, malformed } from '../resp/request-scanner.ts';
import type { Value } from '../resp/value.ts';
import { ControlRequest } from './control-request.ts';
import { InFlight, type Run } from './in-flight.ts';
import { Outbox } from './outbox.ts';
import type { DedicatedTarget, LinkLoss, ReplySlice, ReplyTarget } from './reply-target.ts';
import type { Flushable, Turn } from './turn.ts';

/** Requests to be sent in one piece: the bytes from `start` to `end`. */
export interface RequestSlice {
  bytes: Buffer;
  start: number;
  end: number;
  requests: number;
  isRepeatable: boolean;
  isMuted: boolean;
  /** When their replies must be there, in milliseconds of the clock that never goes back. */
  deadline: number;
}

/** What all links share. */
export interface LinkServices {
  readonly turn: Turn;
  readonly figures: Figures;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** How long a request of the ambassador's own may take. */
  readonly timeoutMs: number;
}

/** What may be under way: more would only wait elsewhere, and take memory. */
const congestedBytes = 4 * 1024 * 1024;
/** What the socket may have to write: the upstream does not read. */
const unwrittenBytes = 1024 * 1024;
/** The longest error of Redis itself (protected mode's) has about 1 KiB. */
const maxFarewellBytes = 4096;

/**
 * One connection to a Redis server: sends requests, cuts what comes back into replies and gives each to the
 * one who asked. Shared by many targets, or dedicated to one that gets everything.
 * It is lost once and for all, at the first sign that replies may no longer fit requests.
 */
export class Link implements Flushable {
  isFlushDue = false;
  isFinished = false;
  /** Called once, when the link is lost, after its requests were failed. */
  onLost: (loss: LinkLoss) => void = () => {};
  /** The client's id that Redis has given it. */
  remoteId = 0;
  /** When something unsolicited must have come: the confirmation of a subscription. */
  dueAt = Number.POSITIVE_INFINITY;
  /** The error that the server gave as its reason to close the connection, without being asked. */
  farewell: string | undefined;

  readonly #socket: Socket;
  readonly #services: LinkServices;
  readonly #inFlight = new InFlight();
  readonly #outbox = new Outbox();
  readonly #scanner = new ReplyScanner();
  #waiting: Array<() => void> = [];
  readonly #touched: ReplyTarget[] = [];
  readonly #slice: ReplySlice = {
    bytes: Buffer.alloc(0),
    start: 0,
    wholeEnd: 0,
    end: 0,
    replies: 0,
    freedBytes: 0,
  };
  #client: DedicatedTarget | undefined;
  #isDedicated = false;
  #loss: LinkLoss | undefined;
  #receivedAt = 0;
  /** The beginning of something that no request has asked for. */
  #stray = '';

  constructor(socket: Socket, services: LinkServices) {
    this.#socket = socket;
    this.#services = services;
    socket.on('drain', () => this.#afterCongestion());
    socket.on('error', (error) => this.lose({ reason: 'closed', detail: error.message }));
    socket.on('close', () => this.lose({ reason: 'closed', detail: 'upstream closed the connection' }));
    socket.on('end', () => this.lose({ reason: 'closed', detail: 'upstream closed the connection' }));
  }

  get isLost(): boolean {
    return this.#loss !== undefined;
  }

  /** Whether the upstream does not read and answer as fast as clients ask. */
  get isCongested(): boolean {
    return this.#outbox.heldBytes > congestedBytes || this.#socket.writableLength > unwrittenBytes;
  }

  /** Calls back once, when the upstream has caught up, or the link is lost. */
  waitForDrain(resume: () => void): void {
    this.#waiting.push(resume);
  }

  get inFlightCount(): number {
    return this.#inFlight.count;
  }

  get heldBytes(): number {
    return this.#outbox.heldBytes;
  }

  /** From now on everything that comes and is no reply goes to this target; undefined while nobody has it. */
  dedicateTo(client: DedicatedTarget | undefined): void {
    this.#isDedicated = true;
    this.#client = client;
  }

  /** Takes a copy of the requests. They go out at the next `flush`. */
  send(target: ReplyTarget, slice: RequestSlice): void {
    const size = slice.end - slice.start;
    const chunk = this.#outbox.append(slice.bytes, slice.start, slice.end);
    const run = this.#inFlight.add(slice.requests);
    run.target = target;
    run.sentAt = this.#services.now();
    run.deadline = slice.deadline;
    run.isRepeatable = slice.isRepeatable;
    run.isMuted = slice.isMuted;
    run.chunk = chunk;
    run.end = chunk.used;
    run.start = chunk.used - size;
  }

  /** Counts a request whose bytes follow by `sendRaw`. Only for a dedicated link, with nothing else under way. */
  startRequest(target: ReplyTarget, isMuted: boolean): void {
    const run = this.#inFlight.add(1);
    run.target = target;
    run.sentAt = this.#services.now();
    run.deadline = Number.POSITIVE_INFINITY;
    run.isRepeatable = false;
    run.isMuted = isMuted;
    run.start = run.end = 0;
  }

  /** All bytes of the request that was started are sent: from now on its reply is waited for. */
  startWaiting(): void {
    const run = this.#inFlight.head;
    if (run === undefined) return;
    run.sentAt = this.#services.now();
    run.deadline = run.sentAt + this.#services.timeoutMs;
  }

  /** Sends a copy of bytes that are no counted request, or a part of one. Only for a dedicated link. */
  sendRaw(bytes: Buffer): void {
    this.flush();
    if (this.#loss !== undefined) return;
    this.#services.figures.upstreamBytesOut += bytes.length;
    this.#socket.write(Buffer.from(bytes));
  }

  /** Sends what there is, and tells Redis that no more will come: it answers what it can now, and closes. */
  finish(): void {
    this.flush();
    this.isFinished = true;
    this.#socket.end();
  }

  /** Lets the link send what it has, now or with what others add in this turn. */
  submit(source: object): void {
    this.#services.turn.submit(this, source);
  }

  flush(): void {
    if (this.#loss !== undefined) return;
    this.#services.figures.upstreamBytesOut += this.#outbox.writeTo(this.#socket);
  }

  /**
   * Asks Redis something on the ambassador's own behalf.
   * @throws ReplyError when that is the answer, CodedError `link-lost`
   */
  request(words: ReadonlyArray<string | Buffer>): Promise<Value> {
    const control = new ControlRequest();
    if (this.#loss !== undefined) return Promise.reject(linkLost(this.#loss));
    const bytes = encodeRequest(words);
    const deadline = this.#services.now() + this.#services.timeoutMs;
    const whole = { bytes, start: 0, end: bytes.length, requests: 1 };
    this.send(control, { ...whole, isRepeatable: false, isMuted: false, deadline });
    this.submit(control);
    return control.value;
  }

  /** Takes what the socket has read. The bytes are not needed after the call. */
  receive(bytes: Buffer, length: number): void {
    this.#services.figures.upstreamBytesIn += length;
    this.#receivedAt = this.#services.now();
    let at = 0;
    while (at < length && this.#loss === undefined) {
      if (this.#stray !== '') at = this.#takeStray(bytes, at, length);
      else at = this.#isDedicated ? this.#cutOne(bytes, at, length) : this.#cutRun(bytes, at, length);
    }
    for (const target of this.#touched.splice(0)) target.flush();
    if (this.#waiting.length > 0) this.#afterCongestion();
  }

  /** Lets those go on who wait, once there is room enough for it to be worth while. */
  #afterCongestion(): void {
    if (this.#outbox.heldBytes <= congestedBytes / 2 && this.#socket.writableLength === 0)
      this.#resumeWaiting();
  }

  /** Loses the link if the oldest request is late: what comes after that can no longer be trusted. */
  checkDeadline(now: number): void {
    const run = this.#inFlight.head;
    const isLate = run !== undefined && now > run.deadline;
    if (!isLate && now <= this.dueAt) return;
    const { timeoutMs } = this.#services;
    // longer for who blocks
    const allowedMs =
      run === undefined ? timeoutMs : Math.max(timeoutMs, Math.round(run.deadline - run.sentAt));
    this.lose({ reason: 'timeout', detail: `no reply within ${allowedMs} ms` });
  }

  /** Ends the link. Whoever waits for a reply is told so, once. */
  lose(loss: LinkLoss): void {
    if (this.#loss !== undefined) return;
    this.#loss = loss;
    this.#socket.destroy();
    const targets = new Set<ReplyTarget>();
    // only the oldest request was late; the others share its fate
    let ofRun = loss;
    for (let run = this.#inFlight.head; run !== undefined; run = this.#inFlight.head) {
      const { target } = run;
      target?.takeLoss(run, ofRun);
      if (target !== undefined) targets.add(target);
      if (loss.reason === 'timeout') ofRun = { reason: 'closed', detail: 'another request on it was late' };
      this.#inFlight.removeHead();
    }
    this.onLost(loss);
    if (this.#client !== undefined) targets.add(this.#client);
    for (const target of targets) target.flush();
    this.#resumeWaiting();
  }

  #resumeWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }

  /** Gives the oldest run what this buffer has of its replies, in one piece; returns where that ends. */
  #cutRun(bytes: Buffer, from: number, length: number): number {
    const run = this.#inFlight.head;
    if (run === undefined || (run.chunk?.written ?? 0) < run.end) return this.#takeStray(bytes, from, length);
    let wholeEnd = from;
    let end = from;
    let replies = 0;
    while (replies < run.unanswered && end < length) {
      const found = this.#scanner.next(bytes, wholeEnd, length);
      if (this.#scanner.type === replyType.push) return this.#refuse('a push on a shared connection');
      if (found === malformed) return this.#refuse(this.#scanner.fault);
      end = found === incomplete ? length : found;
      if (found === incomplete) break;
      wholeEnd = found;
      replies++;
    }
    this.#cutOut(bytes, from, wholeEnd);
    this.#slice.end = end;
    this.#slice.replies = replies;
    this.#give(run);
    return end;
  }

  /** Gives one reply, or what is no reply to anything, or the part of it that is here; returns its end. */
  #cutOne(bytes: Buffer, from: number, length: number): number {
    const run = this.#inFlight.head;
    if (run === undefined && this.#client === undefined) return this.#takeStray(bytes, from, length);
    const found = this.#scanner.next(bytes, from, length);
    if (found === malformed) return this.#refuse(this.#scanner.fault);
    this.#cutOut(bytes, from, found === incomplete ? from : found);
    const end = found === incomplete ? length : found;
    this.#slice.end = end;
    this.#slice.replies = found === incomplete ? 0 : 1;
    if (run !== undefined && this.#scanner.type !== replyType.push) this.#give(run);
    else if (this.#client === undefined) return this.#refuse('a reply to no request');
    else {
      this.#client.takeUnsolicited(this.#slice);
      this.#touch(this.#client);
    }
    return end;
  }

  #cutOut(bytes: Buffer, start: number, wholeEnd: number): void {
    const slice = this.#slice;
    slice.bytes = bytes;
    slice.start = start;
    slice.wholeEnd = wholeEnd;
    slice.freedBytes = 0;
  }

  /** Gives the slice to the one who asked. */
  #give(run: Run): void {
    const { target } = run;
    const slice = this.#slice;
    const { replies } = slice;
    if (run.isMuted) slice.start = slice.wholeEnd = slice.end;
    run.unanswered -= replies;
    run.answered += replies;
    this.#inFlight.count -= replies;
    if (replies > 0) this.#services.figures.latency.observe(this.#receivedAt - run.sentAt, replies);
    if (run.unanswered === 0) {
      slice.freedBytes = run.end - run.start;
      if (run.chunk !== undefined) this.#outbox.release(run.chunk);
      this.#inFlight.removeHead();
    }
    if (target === undefined) return;
    target.takeReplies(slice);
    this.#touch(target);
  }

  /** What no request has asked for loses the link; an error is the server's own reason. */
  #takeStray(bytes: Buffer, from: number, length: number): number {
    this.#stray += bytes.toString('latin1', from, Math.min(length, from + maxFarewellBytes));
    const isError = this.#stray.startsWith('-') && this.#stray.length <= maxFarewellBytes;
    if (!isError) return this.#refuse('a reply to no request');
    const end = this.#stray.indexOf('\r\n');
    if (end < 0) return length;
    this.farewell = this.#stray.slice(1, end);
    this.lose({ reason: 'closed', detail: this.farewell });
    return length;
  }

  #touch(target: ReplyTarget): void {
    if (this.#touched.at(-1) !== target) this.#touched.push(target);
  }

  #refuse(what: string): number {
    this.lose({ reason: 'protocol', detail: what });
    return Number.MAX_SAFE_INTEGER;
  }
}

function linkLost({ detail }: LinkLoss): CodedError {
  return new CodedError('link-lost', detail);
}
