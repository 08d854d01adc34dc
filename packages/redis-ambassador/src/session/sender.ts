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

/** What is sent in one piece stays in one piece of memory. */
const maxRunBytes = 64 * 1024;
const nothing = Buffer.alloc(0);
const tooManyDatabases = { error: error('ERR redis-ambassador: too many databases in use') };

interface SenderParts {
  readonly state: ClientState;
  readonly services: SessionServices;
  readonly order: Order;
}

/** What one client has under way on its links: counts it, and finds the shared link for more. */
export class Sender {
  /** Requests that were sent and have no reply. */
  inFlight = 0;
  inFlightBytes = 0;
  readonly largeReplies: LargeReplies;
  readonly #target: ReplyTarget;
  readonly #state: ClientState;
  readonly #services: SessionServices;
  readonly #window: Window;
  readonly #run: RequestSlice;
  /** What the run is to go over. */
  #runLink: Link | undefined;
  readonly #order: Order;
  /** The lane that was used last; the others are those to other nodes. */
  #lane: Lane | undefined;
  readonly #lanes = new Map<Upstream, Lane>();
  /** Where the latest requests went. */
  #latest: Link | undefined;
  #placement: Placement | undefined;
  /** Links that have something to send. */
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

  /** What keeps the client from using this database. */
  obstacleToDb(upstream: Upstream, db: number, readAt: number): Obstacle | undefined {
    return this.#obstacleOf(upstream.set(this.#state.protocol, db), readAt);
  }

  /** No longer uses the shared links it used. */
  leave(): void {
    for (const lane of this.#lanes.values()) lane.leave(this.#services.now());
    this.#lanes.clear();
    this.#lane = undefined;
  }

  /** How many requests can be sent over a shared link now. */
  room(upstream: Upstream): number {
    return this.aim(upstream) ? this.roomAnywhere : 0;
  }

  /** The same, as far as it is no matter of the link. */
  get roomAnywhere(): number {
    if (this.inFlightBytes >= this.#services.limits.inFlightBytes) return 0;
    return this.#window.size - this.inFlight;
  }

  /** What is added from now on goes to this node; false if none of its links takes more. */
  aim(upstream: Upstream): boolean {
    const link = this.linkTo(upstream);
    if (link === undefined || link.isCongested) return false;
    if (link !== this.#runLink) {
      this.sendAdded();
      this.#runLink = link;
    }
    return true;
  }

  /** Whether there is a shared link of this node that takes more. */
  isOpenTo(upstream: Upstream): boolean {
    return this.linkTo(upstream)?.isCongested === false;
  }

  /** Whether what is under way was sent where the keys were before: the next request may overtake it. */
  isOutOfPlace(placement: Placement | undefined): boolean {
    if (this.#placement === placement || this.inFlight > 0) return this.#placement !== placement;
    this.#placement = placement;
    return false;
  }

  /** Why `room` is 0 for a request that was read then. */
  obstacle(upstream: Upstream, readAt: number): Obstacle | undefined {
    const obstacle = this.#obstacleOf(this.#laneTo(upstream).setFor(this.#state, this.#services.now), readAt);
    if (obstacle !== undefined) return obstacle;
    if (this.isLate(readAt)) return { error: upstream.failureText(this.#tooSlow) };
    if (!this.isOpenTo(upstream)) return 'congestion';
    const { inFlightBytes } = this.#services.limits;
    return this.inFlight >= this.#window.size || this.inFlightBytes >= inFlightBytes ? 'window' : undefined;
  }

  /** Whether the time of a request that was read then is over. */
  isLate(readAt: number): boolean {
    return this.#services.now() >= this.deadlineOf(readAt);
  }

  /** When the reply to a request that was read then must be there. */
  deadlineOf(readAt: number): number {
    return readAt + this.#services.limits.timeoutMs;
  }

  /** Calls back once the shared link is no longer congested, or is lost. */
  waitForDrain(upstream: Upstream, resume: () => void): void {
    this.linkTo(upstream)?.waitForDrain(resume);
  }

  /** Adds one request to those that go out in one piece. They lie one behind the other in `bytes`. */
  add(command: Command, { bytes, start, end, readAt }: Place): void {
    const run = this.#run;
    if (run.requests > 0 && end - run.start > maxRunBytes) this.sendAdded();
    if (run.requests === 0) {
      run.bytes = bytes;
      run.start = start;
      run.readsAtEnd = 0;
      // of the oldest one: its fate is that of all behind it
      run.deadline = this.deadlineOf(readAt);
    }
    run.end = end;
    run.requests++;
    run.readsAtEnd = command.isRead ? run.readsAtEnd + 1 : 0;
  }

  /** Sends what was added. */
  sendAdded(): void {
    const run = this.#run;
    const link = this.#runLink;
    if (run.requests === 0 || link === undefined) return;
    this.#send(link, run);
    run.requests = 0;
    // the memory may be a large one that nobody else holds any more
    run.bytes = nothing;
  }

  /** Sends one request over a shared link of this node, to which there is no obstacle. */
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

  /** Sends the parts of one request, which counts as one. */
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

  /** Opens a place behind all that is under way, for one reply that is made of others. */
  openPlace(isMuted: boolean): Home {
    this.putInOrder();
    return this.#order.open(1, isMuted);
  }

  /** Sends one request again, which has been counted; `asking` the node for a key that it does not have for good. */
  sendAgain(link: Link, home: Home, { bytes, isRead, deadline, isAsking }: Again): void {
    const one = { requests: 1, deadline };
    if (isAsking) this.#hand(link, nobody, { ...wholeOf(asking), ...one, readsAtEnd: 0, isMuted: true });
    home.changeBytes(bytes.length);
    this.#hand(link, home, { ...wholeOf(bytes), ...one, readsAtEnd: Number(isRead), isMuted: home.isMuted });
  }

  /** Counts a request whose bytes are sent as they come. */
  startOne(link: Link, isMuted: boolean): void {
    this.#latest = link;
    link.startRequest(this.#target, isMuted);
    this.inFlight++;
  }

  /** Requests that will have no replies. */
  lost({ count, size, loss }: Lost): void {
    this.inFlight -= count;
    this.inFlightBytes -= size;
    if (loss.reason === 'diverted') this.largeReplies.diverted();
  }

  /** Lets what was sent go out, now or at the end of this turn. */
  submit(): void {
    for (let link = this.#due.pop(); link !== undefined; link = this.#due.pop()) link.submit(this);
  }

  /** Whether what is under way goes over this link. */
  isOn(link: Link): boolean {
    return this.#latest === link;
  }

  /** So many requests, of so many bytes, are answered. */
  settled(requests: number, bytes: number): void {
    this.inFlight -= requests;
    this.inFlightBytes -= bytes;
  }

  /** Replies have come. */
  answered({ replies, start, end, freedBytes }: ReplySlice): void {
    this.inFlight -= replies;
    this.inFlightBytes -= freedBytes;
    if (this.largeReplies.isExpected) this.largeReplies.came(end - start, replies);
    if (replies > 0) this.#window.observe(replies, end - start);
  }

  /** Whether so few are under way that it is worth sending more. */
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

  /** The link of this client to this node; another one when it is lost, or when more are up and nothing is under way. */
  linkTo(upstream: Upstream): Link | undefined {
    const lane = this.#laneTo(upstream);
    return lane.linkOf(lane.setFor(this.#state, this.#services.now), this.inFlight === 0);
  }

  #send(link: Link, run: RequestSlice): void {
    // asked here already: the call costs memory each time
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

  /** From here on replies come from several links, or are asked for again: what is under way gets places of its own. */
  putInOrder(): void {
    if (this.#order.isOpen || this.inFlight === 0) return;
    this.#latest?.retarget(this.#target, this.inFlight, ({ unanswered, isMuted }) =>
      this.#order.open(unanswered, isMuted),
    );
  }
}

/** A request that is sent again. */
export interface Again {
  readonly bytes: Buffer;
  readonly isRead: boolean;
  readonly deadline: number;
  readonly isAsking: boolean;
}

const asking = encodeRequest(['ASKING']);
/** Whose reply nobody waits for. */
const nobody: ReplyTarget = { takeReplies: () => {}, takeLoss: () => {}, flush: () => {} };

function wholeOf(bytes: Buffer): Pick<RequestSlice, 'bytes' | 'start' | 'end'> {
  return { bytes, start: 0, end: bytes.length };
}
