import { CodedError } from '@pod-patterns/kit';
import type { Command } from '../command/command.ts';
import type { Request } from '../command/request.ts';
import type { Obstacle } from '../decide/question.ts';
import { encodeRequest, error } from '../resp/encode.ts';
import type { Placement } from '../topology/topology.ts';
import type { RequestSlice } from '../upstream/in-flight.ts';
import type { Link } from '../upstream/link.ts';
import type { LinkSet } from '../upstream/link-set.ts';
import type { ReplySlice, ReplyTarget } from '../upstream/reply-target.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { ClientState } from './client-state.ts';
import type { Home } from './home.ts';
import type { Place } from './intake.ts';
import { Lane } from './lane.ts';
import { LargeReplies } from './large-replies.ts';
import type { Lost } from './losses.ts';
import type { Order } from './order.ts';
import type { SessionServices } from './services.ts';
import { Window } from './window.ts';

/** Maximum size of requests sent in one piece, which share one piece of memory. */
const maxRunBytes = 64 * 1024;
const nothing = Buffer.alloc(0);
const tooManyDatabases = { error: error('ERR redis-ambassador: too many databases in use') };

interface SenderParts {
  readonly state: ClientState;
  readonly services: SessionServices;
  readonly order: Order;
}

/** Counts a client's pending requests, and finds the shared link for new ones. */
export class Sender {
  /** Number of pending requests. */
  inFlight = 0;
  inFlightBytes = 0;
  readonly largeReplies: LargeReplies;
  readonly #target: ReplyTarget;
  readonly #state: ClientState;
  readonly #services: SessionServices;
  readonly #window: Window;
  readonly #run: RequestSlice;
  /** Link of the next run. */
  #runLink: Link | undefined;
  readonly #order: Order;
  /** The last used lane; the others go to other nodes. */
  #lane: Lane | undefined;
  readonly #lanes = new Map<Upstream, Lane>();
  /** Destination of the latest requests. */
  #latest: Link | undefined;
  #placement: Placement | undefined;
  /** Links with unsent requests. */
  readonly #due: Link[] = [];

  constructor(target: ReplyTarget, { state, services, order }: SenderParts) {
    this.#target = target;
    this.#order = order;
    this.#state = state;
    this.#services = services;
    this.#window = new Window(services.limits.inFlightBytes);
    this.largeReplies = new LargeReplies(services.limits.largeReplyBytes);
    this.#run = { bytes: nothing, start: 0, end: 0, requests: 0, readsAtEnd: 0, isMuted: false, deadline: 0 };
  }

  /** Returns the obstacle to using this database. */
  obstacleToDb(upstream: Upstream, db: number, readAt: number): Obstacle | undefined {
    return this.#obstacleOf(upstream.set(this.#state.protocol, db), readAt);
  }

  /** Releases its shared links. */
  leave(): void {
    for (const lane of this.#lanes.values()) lane.leave(this.#services.now());
    this.#lanes.clear();
    this.#lane = undefined;
  }

  /** Returns the number of requests that a shared link accepts now. */
  room(upstream: Upstream): number {
    return this.aim(upstream) ? this.roomAnywhere : 0;
  }

  /** Returns the same number without regard to the link. */
  get roomAnywhere(): number {
    if (this.inFlightBytes >= this.#services.limits.inFlightBytes) return 0;
    return this.#window.size - this.inFlight;
  }

  /** Directs new requests to this node; false if none of its links accepts more. */
  aim(upstream: Upstream): boolean {
    const link = this.linkTo(upstream);
    if (link === undefined || link.isCongested) return false;
    if (link !== this.#runLink) {
      this.sendAdded();
      this.#runLink = link;
    }
    return true;
  }

  /** Tells whether a shared link of this node accepts more. */
  isOpenTo(upstream: Upstream): boolean {
    return this.linkTo(upstream)?.isCongested === false;
  }

  /** Tells whether pending requests went to the former node of the keys, so the next one may overtake them. */
  isOutOfPlace(placement: Placement | undefined): boolean {
    if (this.#placement === placement || this.inFlight > 0) return this.#placement !== placement;
    this.#placement = placement;
    return false;
  }

  /** Returns the reason for a `room` of 0 for a request read at that time. */
  obstacle(upstream: Upstream, readAt: number): Obstacle | undefined {
    const obstacle = this.#obstacleOf(this.#laneTo(upstream).setFor(this.#state, this.#services.now), readAt);
    if (obstacle !== undefined) return obstacle;
    if (this.isLate(readAt)) return { error: upstream.failureText(this.#tooSlow) };
    if (!this.isOpenTo(upstream)) return 'congestion';
    const { inFlightBytes } = this.#services.limits;
    return this.inFlight >= this.#window.size || this.inFlightBytes >= inFlightBytes ? 'window' : undefined;
  }

  /** Tells whether the deadline of a request read at that time has passed. */
  isLate(readAt: number): boolean {
    return this.#services.now() >= this.deadlineOf(readAt);
  }

  /** Returns the deadline for the reply to a request read at that time. */
  deadlineOf(readAt: number): number {
    return readAt + this.#services.limits.timeoutMs;
  }

  /** Calls back once the shared link is no longer congested, or lost. */
  waitForDrain(upstream: Upstream, resume: () => void): void {
    this.linkTo(upstream)?.waitForDrain(resume);
  }

  /** Adds one request to those sent in one piece. They are contiguous in `bytes`. */
  add(command: Command, { bytes, start, end, readAt }: Place): void {
    const run = this.#run;
    if (run.requests > 0 && end - run.start > maxRunBytes) this.sendAdded();
    if (run.requests === 0) {
      run.bytes = bytes;
      run.start = start;
      run.readsAtEnd = 0;
      // deadline of the oldest one: all later ones share its fate
      run.deadline = this.deadlineOf(readAt);
    }
    run.end = end;
    run.requests++;
    run.readsAtEnd = command.isRead ? run.readsAtEnd + 1 : 0;
  }

  /** Sends the added requests. */
  sendAdded(): void {
    const run = this.#run;
    const link = this.#runLink;
    if (run.requests === 0 || link === undefined) return;
    this.#send(link, run);
    run.requests = 0;
    // do not keep a large buffer alive that nothing else uses
    run.bytes = nothing;
  }

  /** Sends one request over a shared link of this node without an obstacle. */
  sendShared(upstream: Upstream, { bytes, start, end, command, readAt }: Request, isMuted: boolean): void {
    const link = this.linkTo(upstream);
    const deadline = this.deadlineOf(readAt);
    const request = { bytes, start, end, requests: 1, readsAtEnd: Number(command.isRead), isMuted, deadline };
    if (link !== undefined) this.#send(link, request);
  }

  /** Sends one request over the client's dedicated link. */
  sendDedicated(
    link: Link,
    { bytes, start, end }: Request,
    options: Pick<RequestSlice, 'readsAtEnd' | 'isMuted' | 'deadline'>,
  ): void {
    this.#send(link, { bytes, start, end, requests: 1, ...options });
  }

  /** Sends the parts of one request, counted as one. */
  sendParts(
    { size, readAt, command }: Request,
    parts: ReadonlyArray<{
      readonly upstream: Upstream;
      readonly request: Request;
      readonly home: Home | undefined;
    }>,
  ): void {
    this.inFlight++;
    this.inFlightBytes += size;
    const one = {
      requests: 1,
      readsAtEnd: Number(command.isRead),
      isMuted: false,
      deadline: this.deadlineOf(readAt),
    };
    for (const { upstream, request, home } of parts) {
      if (home === undefined) continue;
      const link = this.linkTo(upstream);
      if (link === undefined) {
        home.give(upstream.failureText(new CodedError('link-lost', 'not connected')));
        continue;
      }
      const { bytes, start, end } = request;
      this.#hand(link, home, { bytes, start, end, ...one });
    }
  }

  /** Opens a place behind all pending requests, for one merged reply. */
  openPlace(isMuted: boolean): Home {
    this.putInOrder();
    return this.#order.open(1, isMuted);
  }

  /** Retries one request that is already counted; with `asking` if the node only imports the key. */
  sendAgain(link: Link, home: Home, { bytes, isRead, deadline, isAsking }: Again): void {
    const one = { requests: 1, deadline };
    if (isAsking) this.#hand(link, nobody, { ...wholeOf(asking), ...one, readsAtEnd: 0, isMuted: true });
    home.changeBytes(bytes.length);
    this.#hand(link, home, { ...wholeOf(bytes), ...one, readsAtEnd: Number(isRead), isMuted: home.isMuted });
  }

  /** Counts a request that is sent as its bytes come. */
  startOne(link: Link, isMuted: boolean): void {
    this.#latest = link;
    link.startRequest(this.#target, isMuted);
    this.inFlight++;
  }

  /** Counts requests that will get no replies. */
  lost({ count, size, loss }: Lost): void {
    this.inFlight -= count;
    this.inFlightBytes -= size;
    if (loss.reason === 'diverted') this.largeReplies.diverted();
  }

  /** Flushes the sent requests, now or at the end of this turn. */
  submit(): void {
    for (let link = this.#due.pop(); link !== undefined; link = this.#due.pop()) link.submit(this);
  }

  /** Tells whether pending requests use this link. */
  isOn(link: Link): boolean {
    return this.#latest === link;
  }

  /** Counts answered requests and their bytes. */
  settled(requests: number, bytes: number): void {
    this.inFlight -= requests;
    this.inFlightBytes -= bytes;
  }

  /** Continues after replies. */
  answered({ replies, start, end, freedBytes }: ReplySlice): void {
    this.inFlight -= replies;
    this.inFlightBytes -= freedBytes;
    if (this.largeReplies.isExpected) this.largeReplies.came(end - start, replies);
    if (replies > 0) this.#window.observe(replies, end - start);
  }

  /** Whether few enough requests are pending to make sending worthwhile. */
  get isWindowOpen(): boolean {
    const { inFlightBytes } = this.#services.limits;
    return this.inFlight <= this.#window.size / 2 && this.inFlightBytes <= inFlightBytes / 2;
  }

  get #tooSlow(): CodedError {
    return new CodedError('late', `it accepted no request for ${this.#services.limits.timeoutMs} ms`);
  }

  #obstacleOf(set: LinkSet | undefined, readAt: number): Obstacle | undefined {
    if (set === undefined) return tooManyDatabases;
    if (set.isUp) return undefined;
    const failure = this.isLate(readAt) ? set.latestFailure : set.failure;
    return failure === undefined ? 'connection' : { error: failure.text };
  }

  #laneTo(upstream: Upstream): Lane {
    if (this.#lane?.upstream === upstream) return this.#lane;
    const lane = this.#lanes.get(upstream) ?? this.#openLane(upstream);
    this.#lane = lane;
    return lane;
  }

  #openLane(upstream: Upstream): Lane {
    for (const lane of this.#lanes.values()) {
      if (!lane.upstream.isClosed) continue;
      lane.leave(this.#services.now());
      this.#lanes.delete(lane.upstream);
    }
    const lane = new Lane(upstream);
    this.#lanes.set(upstream, lane);
    return lane;
  }

  /** Returns the client's link to this node; a new one after a loss, or when more links are up and nothing is pending. */
  linkTo(upstream: Upstream): Link | undefined {
    const lane = this.#laneTo(upstream);
    return lane.linkOf(lane.setFor(this.#state, this.#services.now), this.inFlight === 0);
  }

  #send(link: Link, run: RequestSlice): void {
    // checked here too, because the call allocates
    if (this.inFlight > 0 && link !== this.#latest && !this.#order.isOpen) this.putInOrder();
    const target = this.#order.isOpen ? this.#order.open(run.requests, run.isMuted) : this.#target;
    this.inFlight += run.requests;
    this.inFlightBytes += run.end - run.start;
    this.#hand(link, target, run);
  }

  #hand(link: Link, target: ReplyTarget, run: RequestSlice): void {
    link.send(target, run);
    if (!this.#due.includes(link)) this.#due.push(link);
    this.#latest = link;
  }

  /** Gives pending requests places of their own, because replies now come from several links or retries. */
  putInOrder(): void {
    if (this.#order.isOpen || this.inFlight === 0) return;
    this.#latest?.retarget(this.#target, this.inFlight, ({ unanswered, isMuted }) =>
      this.#order.open(unanswered, isMuted),
    );
  }
}

/** Slice of a retried request. */
export interface Again {
  readonly bytes: Buffer;
  readonly isRead: boolean;
  readonly deadline: number;
  readonly isAsking: boolean;
}

const asking = encodeRequest(['ASKING']);
/** Target of replies to drop. */
const nobody: ReplyTarget = { takeReplies: () => {}, takeLoss: () => {}, flush: () => {} };

function wholeOf(bytes: Buffer): Pick<RequestSlice, 'bytes' | 'start' | 'end'> {
  return { bytes, start: 0, end: bytes.length };
}
