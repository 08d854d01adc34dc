import type { Socket } from 'node:net';
import { CodedError } from '@pod-patterns/kit';
import { encodeRequest } from '../resp/encode.ts';
import type { Value } from '../resp/value.ts';
import { ControlRequest } from './control-request.ts';
import { Heartbeat, type PongForm } from './heartbeat.ts';
import { InFlight, type RequestSlice } from './in-flight.ts';
import type { LinkServices } from './link-services.ts';
import { Outbox } from './outbox.ts';
import type { ReadGate } from './read-gate.ts';
import { ReplyCutter } from './reply-cutter.ts';
import type { DedicatedTarget, LinkLoss, ReplyTarget, SentRun } from './reply-target.ts';
import type { Flushable } from './turn.ts';

const anyReply = () => 'reply' as const;

/** Silence after which a dedicated link gets a PING along with a command that may block forever. */
const quietMs = 1000;
/** Bound on pending bytes: more would only wait elsewhere, and take memory. */
const congestedBytes = 4 * 1024 * 1024;
/** Bound on unwritten bytes of the socket, while the upstream does not read. */
const unwrittenBytes = 1024 * 1024;

/**
 * One connection to a Redis server: sends requests, splits the received bytes into replies, and gives each to its
 * target. Shared by many targets, or dedicated to one that gets everything.
 * It is lost for good at the first sign that replies may no longer match requests.
 */
export class Link implements Flushable {
  isFlushDue = false;
  isFinished = false;
  /** Called once after the loss of the link, when its requests have failed. */
  onLost: (loss: LinkLoss) => void = () => {};
  /** Redis' client id for it. */
  remoteId = 0;
  /** Deadline for an uncounted frame: the confirmation of a subscription. */
  dueAt = Number.POSITIVE_INFINITY;

  /** Readable address of the server. */
  readonly node: string;
  readonly #socket: Socket;
  readonly #gate: ReadGate;
  readonly #services: LinkServices;
  readonly #inFlight = new InFlight();
  readonly #outbox = new Outbox();
  readonly #heartbeat: Heartbeat;
  readonly #replies: ReplyCutter;
  #waiting: Array<() => void> = [];
  #pongForm: () => PongForm | undefined = anyReply;
  #loss: LinkLoss | undefined;

  constructor(gate: ReadGate, services: LinkServices, node = '') {
    this.node = node;
    const { socket } = gate;
    this.#socket = socket;
    this.#gate = gate;
    this.#services = services;
    this.#heartbeat = new Heartbeat(services);
    this.#replies = new ReplyCutter(this, {
      services,
      inFlight: this.#inFlight,
      outbox: this.#outbox,
      heartbeat: this.#heartbeat,
    });
    socket.on('drain', () => this.#afterCongestion());
    socket.on('error', (error) => this.lose({ reason: 'closed', detail: error.message }));
    socket.on('close', () => this.lose({ reason: 'closed', detail: 'upstream closed the connection' }));
    socket.on('end', () => this.lose({ reason: 'closed', detail: 'upstream closed the connection' }));
  }

  /** Error with which the server refused the connection, if any. */
  get farewell(): string | undefined {
    return this.#replies.farewell;
  }

  get isLost(): boolean {
    return this.#loss !== undefined;
  }

  /** Whether the upstream reads or answers too slowly. */
  get isCongested(): boolean {
    return this.#outbox.heldBytes > congestedBytes || this.#socket.writableLength > unwrittenBytes;
  }

  /** Calls back once, when the upstream has caught up or the link is lost. */
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
   * Directs every frame that is not a reply to this target; undefined while the link is not lent. `pongForm`
   * returns the form of the answer to a PING now; undefined while a PING would do harm or get no answer.
   */
  dedicateTo(client: DedicatedTarget | undefined, pongForm: () => PongForm | undefined = anyReply): void {
    this.#replies.dedicateTo(client);
    this.#pongForm = pongForm;
    this.hold(false);
  }

  /** Pauses or resumes reading: a dedicated link waits for its client, and Redis for the link. */
  hold(isHeld: boolean): void {
    if (isHeld === this.#gate.isHeld) return;
    this.#replies.movedAt = this.#services.now();
    this.#gate.hold(isHeld);
  }

  /** Copies the requests. They are sent at the next `flush`. */
  send(target: ReplyTarget, slice: RequestSlice): void {
    const size = slice.end - slice.start;
    const chunk = this.#outbox.append(slice.bytes, slice.start, slice.end);
    const run = this.#inFlight.add(slice.requests);
    run.target = target;
    run.sentAt = this.#services.now();
    run.deadline = slice.deadline;
    run.readsAtEnd = slice.readsAtEnd;
    run.isMuted = slice.isMuted;
    run.chunk = chunk;
    run.end = chunk.used;
    run.start = chunk.used - size;
  }

  /** Moves this many pending requests of a target to others, which `other` makes for each run. */
  retarget(target: ReplyTarget, requests: number, other: (run: SentRun) => ReplyTarget): void {
    for (const run of this.#inFlight.latestOf(target, requests)) run.target = other(run);
  }

  /** Counts a request whose bytes follow by `sendRaw`. Only for a dedicated link without pending requests. */
  startRequest(target: ReplyTarget, isMuted: boolean): void {
    const run = this.#inFlight.add(1);
    run.target = target;
    run.sentAt = this.#services.now();
    run.deadline = Number.POSITIVE_INFINITY;
    run.readsAtEnd = 0;
    run.isMuted = isMuted;
    run.start = run.end = 0;
  }

  /** Ends the started request: all its bytes are sent, and its reply is expected. */
  startWaiting(): void {
    const run = this.#inFlight.head;
    if (run === undefined) return;
    run.sentAt = this.#services.now();
    run.deadline = run.sentAt + this.#services.timeoutMs;
  }

  /** Sends a copy of bytes that are not a counted request, or only part of one. Only for a dedicated link. */
  sendRaw(bytes: Buffer): void {
    this.flush();
    if (this.#loss !== undefined) return;
    this.#services.figures.upstreamBytesOut += bytes.length;
    this.#socket.write(Buffer.from(bytes));
  }

  /** Sends all bytes and half-closes: Redis answers what it can now, and closes. */
  finish(): void {
    this.flush();
    this.isFinished = true;
    this.#socket.end();
  }

  /** Flushes the link, now or together with other requests of this turn. */
  submit(source: object): void {
    this.#services.turn.submit(this, source);
  }

  flush(): void {
    if (this.#loss !== undefined) return;
    this.#services.figures.upstreamBytesOut += this.#outbox.writeTo(this.#socket);
  }

  /**
   * Sends a request of the ambassador itself.
   * @throws ReplyError for an error reply, CodedError `link-lost`
   */
  request(words: ReadonlyArray<string | Buffer>): Promise<Value> {
    const control = new ControlRequest();
    if (this.#loss !== undefined) return Promise.reject(linkLost(this.#loss));
    const bytes = encodeRequest(words);
    const deadline = this.#services.now() + this.#services.timeoutMs;
    const whole = { bytes, start: 0, end: bytes.length, requests: 1 };
    this.send(control, { ...whole, readsAtEnd: 0, isMuted: false, deadline });
    this.submit(control);
    return control.value;
  }

  /** Takes the bytes read by the socket. They may be overwritten after the call. */
  receive(bytes: Buffer, length: number): void {
    this.#services.figures.upstreamBytesIn += length;
    this.#replies.take(bytes, length);
    if (this.#waiting.length > 0) this.#afterCongestion();
  }

  /** Wakes waiters once there is enough room. */
  #afterCongestion(): void {
    if (this.#outbox.heldBytes <= congestedBytes / 2 && this.#socket.writableLength === 0)
      this.#resumeWaiting();
  }

  /** Loses the link if the oldest request is late: later replies can no longer be trusted. */
  checkDeadline(now: number): void {
    const run = this.#inFlight.head;
    const isLate = run !== undefined && now > run.deadline;
    if ((!isLate && now <= this.dueAt) || this.#isMoving(now)) {
      if (this.#replies.isDedicated) this.#listen(now);
      return;
    }
    const { timeoutMs } = this.#services;
    // longer for a blocked client
    const allowedMs =
      run === undefined ? timeoutMs : Math.max(timeoutMs, Math.round(run.deadline - run.sentAt));
    this.lose({ reason: 'timeout', detail: `no reply within ${allowedMs} ms` });
  }

  /** Tells whether a dedicated link waits for its client, not for Redis; or a reply is still arriving. */
  #isMoving(now: number): boolean {
    return (
      this.#replies.isDedicated &&
      (this.#gate.isHeld || now - this.#replies.movedAt <= this.#services.timeoutMs)
    );
  }

  /** Sends PING if the link was silent: a network may have dropped it silently. */
  askIfQuiet(): void {
    const now = this.#services.now();
    if (now - this.#replies.receivedAt > quietMs) this.#ask(now);
  }

  /** Checks that the server is heard from regularly, as far as it can answer. */
  #listen(now: number): void {
    // the client does not read, so the link is not read either
    const { isHeld } = this.#gate;
    const due = this.#heartbeat.due({ now, heardAt: this.#replies.receivedAt, isHeld });
    if (due === 'ask') this.#ask(now);
    else if (due === 'lose') {
      this.lose({ reason: 'timeout', detail: `no answer to PING within ${this.#services.timeoutMs} ms` });
    }
  }

  #ask(now: number): void {
    const form = this.#pongForm();
    if (form === undefined || this.#heartbeat.isAwaited || this.#inFlight.count > 0) return;
    this.sendRaw(this.#heartbeat.ask(form, now));
  }

  /** Ends the link. Targets with pending requests are told once. */
  lose(loss: LinkLoss): void {
    if (this.#loss !== undefined) return;
    this.#loss = loss;
    this.#socket.destroy();
    const targets = new Set<Pick<ReplyTarget, 'flush'>>();
    // only the oldest request timed out; the others share its fate
    let ofRun = loss;
    for (let run = this.#inFlight.head; run !== undefined; run = this.#inFlight.head) {
      const { target } = run;
      target?.takeLoss(run, ofRun);
      if (target !== undefined) targets.add(target.recipient ?? target);
      if (loss.reason === 'timeout') ofRun = { reason: 'closed', detail: 'an earlier request timed out' };
      this.#inFlight.removeHead();
    }
    this.onLost(loss);
    const { client } = this.#replies;
    if (client !== undefined) targets.add(client);
    for (const target of targets) target.flush();
    this.#resumeWaiting();
  }

  #resumeWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }
}

function linkLost({ detail }: LinkLoss): CodedError {
  return new CodedError('link-lost', detail);
}
