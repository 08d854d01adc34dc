import { CodedError } from '@pod-patterns/kit';
import type { Command } from '../command/command.ts';
import type { Request } from '../command/request.ts';
import type { Obstacle } from '../decide/question.ts';
import { error } from '../resp/encode.ts';
import type { RequestSlice } from '../upstream/in-flight.ts';
import type { Link } from '../upstream/link.ts';
import type { LinkSet } from '../upstream/link-set.ts';
import type { ReplySlice, ReplyTarget } from '../upstream/reply-target.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { ClientState } from './client-state.ts';
import type { Place } from './intake.ts';
import { LargeReplies } from './large-replies.ts';
import type { Lost } from './losses.ts';
import type { SessionServices } from './services.ts';
import { Window } from './window.ts';

/** What is sent in one piece stays in one piece of memory. */
const maxRunBytes = 64 * 1024;
const tooManyDatabases = { error: error('ERR redis-ambassador: too many databases are in use') };

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
  #upstream: Upstream | undefined;
  #set: LinkSet | undefined;
  #link: Link | undefined;
  #epoch = -1;
  #due: Link | undefined;

  constructor(target: ReplyTarget, state: ClientState, services: SessionServices) {
    this.#target = target;
    this.#state = state;
    this.#services = services;
    this.#window = new Window(services.limits.inFlightBytes);
    this.largeReplies = new LargeReplies(services.limits.largeReplyBytes);
    const bytes = Buffer.alloc(0);
    this.#run = { bytes, start: 0, end: 0, requests: 0, readsAtEnd: 0, isMuted: false, deadline: 0 };
  }

  /** What keeps the client from using this database. */
  obstacleToDb(upstream: Upstream, db: number, readAt: number): Obstacle | undefined {
    return this.#obstacleOf(upstream.set(this.#state.protocol, db), readAt);
  }

  /** No longer uses the shared links it used. */
  leave(): void {
    const set = this.#set;
    this.#set = undefined;
    this.#link = undefined;
    if (set === undefined) return;
    set.users--;
    set.unusedSince = this.#services.now();
  }

  /** How many requests can be sent over a shared link now. */
  room(upstream: Upstream): number {
    const link = this.#findLink(upstream);
    if (link === undefined || link.isCongested) return 0;
    if (this.inFlightBytes >= this.#services.limits.inFlightBytes) return 0;
    return this.#window.size - this.inFlight;
  }

  /** Why `room` is 0 for a request that was read then. */
  obstacle(upstream: Upstream, readAt: number): Obstacle | undefined {
    const obstacle = this.#obstacleOf(this.#findSet(upstream), readAt);
    if (obstacle !== undefined) return obstacle;
    if (this.isLate(readAt)) return { error: upstream.failureText(this.#tooSlow) };
    if (this.#findLink(upstream)?.isCongested) return 'congestion';
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
  waitForDrain(resume: () => void): void {
    this.#link?.waitForDrain(resume);
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
    if (run.requests === 0 || this.#link === undefined) return;
    this.#send(this.#link, run);
    run.requests = 0;
  }

  /** Sends one request over a shared link of this node, to which there is no obstacle. */
  sendShared(upstream: Upstream, { bytes, start, end, command, readAt }: Request, isMuted: boolean): void {
    const link = this.#findLink(upstream);
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

  /** Counts a request whose bytes are sent as they come. */
  startOne(link: Link, isMuted: boolean): void {
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
    this.#due?.submit(this);
    this.#due = undefined;
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
    return new CodedError('late', `it took no request for ${this.#services.limits.timeoutMs} ms`);
  }

  #obstacleOf(set: LinkSet | undefined, readAt: number): Obstacle | undefined {
    if (set === undefined) return tooManyDatabases;
    if (set.isUp) return undefined;
    const failure = this.isLate(readAt) ? set.latestFailure : set.failure;
    return failure === undefined ? 'connection' : { error: failure.text };
  }

  /** The shared links that fit the client's protocol and database; undefined when too many databases are in use. */
  #findSet(upstream: Upstream): LinkSet | undefined {
    const { protocol, db } = this.#state;
    const before = this.#set;
    if (before?.protocol === protocol && before.db === db && this.#upstream === upstream) return before;
    const set = upstream.set(protocol, db);
    this.leave();
    this.#upstream = upstream;
    this.#set = set;
    if (set !== undefined) set.users++;
    return set;
  }

  #send(link: Link, run: RequestSlice): void {
    if (this.#due !== link) this.submit();
    link.send(this.#target, run);
    this.inFlight += run.requests;
    this.inFlightBytes += run.end - run.start;
    this.#due = link;
  }

  /** The link of this client; another one when it is lost, or when more are up and nothing is under way. */
  #findLink(upstream: Upstream): Link | undefined {
    const set = this.#findSet(upstream);
    const link = this.#link;
    if (link !== undefined && !link.isLost && (this.inFlight > 0 || this.#epoch === set?.epoch)) return link;
    this.#link = set?.pick();
    this.#epoch = set?.epoch ?? -1;
    return this.#link;
  }
}
