import type { Socket } from 'node:net';
import { CodedError } from '@pod-patterns/kit';
import type { Figures } from '../figures.ts';
import { encodeRequest } from '../resp/encode.ts';
import { ReplyScanner, replyType } from '../resp/reply-scanner.ts';
import { incomplete, malformed } from '../resp/request-scanner.ts';
import type { Value } from '../resp/value.ts';
import { ControlRequest } from './control-request.ts';
import { Farewell } from './farewell.ts';
import { Heartbeat, type PongForm } from './heartbeat.ts';
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
  /** Silence of a dedicated link before the server is asked for a sign of life. */
  readonly pingAfterMs: number;
}

const anyReply = () => 'reply' as const;

/** A dedicated link that was silent for longer may be gone: worth a PING before something that may block for ever. */
const quietMs = 1000;
/** What may be under way: more would only wait elsewhere, and take memory. */
const congestedBytes = 4 * 1024 * 1024;
/** What the socket may have to write: the upstream does not read. */
const unwrittenBytes = 1024 * 1024;

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
  readonly farewell = new Farewell();

  readonly #socket: Socket;
  readonly #services: LinkServices;
  readonly #inFlight = new InFlight();
  readonly #outbox = new Outbox();
  readonly #scanner = new ReplyScanner();
  readonly #heartbeat: Heartbeat;
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
  #pongForm: () => PongForm | undefined = anyReply;
  #isDedicated = false;
  #loss: LinkLoss | undefined;
  #receivedAt = 0;

  constructor(socket: Socket, services: LinkServices) {
    this.#socket = socket;
    this.#services = services;
    this.#receivedAt = services.now();
    this.#heartbeat = new Heartbeat(services);
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

  /**
   * From now on everything that comes and is no reply goes to this target; undefined while nobody has it. `pongForm`
   * tells how the server would answer PING now; nothing while a PING would do harm or get no answer.
   */
  dedicateTo(client: DedicatedTarget | undefined, pongForm: () => PongForm | undefined = anyReply): void {
    this.#isDedicated = true;
    this.#client = client;
    this.#pongForm = pongForm;
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
      if (this.farewell.hasBegun) at = this.#takeStray(bytes, at, length);
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
    if (!isLate && now <= this.dueAt) {
      if (this.#isDedicated) this.#listen(now);
      return;
    }
    const { timeoutMs } = this.#services;
    // longer for who blocks
    const allowedMs =
      run === undefined ? timeoutMs : Math.max(timeoutMs, Math.round(run.deadline - run.sentAt));
    this.lose({ reason: 'timeout', detail: `no reply within ${allowedMs} ms` });
  }

  /** Asks the server for a sign of life if the link was quiet: a network may have dropped it without a word. */
  askIfQuiet(): void {
    const now = this.#services.now();
    if (now - this.#receivedAt > quietMs) this.#ask(now);
  }

  /** Sees to it that the server is heard now and then, as far as it can speak. */
  #listen(now: number): void {
    // the client does not read, so nothing is read for it
    const isHeld = this.#socket.isPaused();
    const due = this.#heartbeat.due({ now, heardAt: this.#receivedAt, isHeld });
    if (due === 'ask') this.#ask(now);
    else if (due === 'lose') {
      this.lose({ reason: 'timeout', detail: `no sign of life within ${this.#services.timeoutMs} ms` });
    }
  }

  #ask(now: number): void {
    const form = this.#pongForm();
    if (form === undefined || this.#heartbeat.isAwaited || this.#inFlight.count > 0) return;
    this.sendRaw(this.#heartbeat.ask(form, now));
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
    if (!this.farewell.take(bytes, from, length)) return this.#refuse('a reply to no request');
    const { reason } = this.farewell;
    if (reason !== undefined) this.lose({ reason: 'closed', detail: reason });
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
