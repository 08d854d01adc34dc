import type { Socket } from 'node:net';
import type { ErrorReason, RejectReason } from '../figures.ts';
import type { MemoryUser } from '../policy/memory-budget.ts';
import { error } from '../resp/encode.ts';
import { anonymousLimits, type RequestLimits, requestLimits } from '../resp/request-scanner.ts';
import type { Command } from '../route/command-table.ts';
import type { Run } from '../upstream/in-flight.ts';
import type { ExclusiveTarget, LinkLoss, ReplySlice } from '../upstream/reply-target.ts';
import { ClientConnection } from './client-connection.ts';
import type { ClientState } from './client-state.ts';
import type { Dedicated } from './dedicated.ts';
import { dispatch } from './dispatch.ts';
import { Intake, largeRequestBytes, type Place, type RequestTaker } from './intake.ts';
import { type BegunRequest, LargeRequest } from './large-request.ts';
import { type Lost, lossError, noteLost, partLost } from './losses.ts';
import { OwnLink } from './own-link.ts';
import type { Request } from './request.ts';
import { Sender } from './sender.ts';
import type { SessionServices } from './services.ts';

/**
 * What a client's next request waits for: replies to all that were sent before; to some of them; a link to the
 * upstream; the upstream to catch up; the client to read its replies; a link of its own.
 */
export type Hold = 'quiet' | 'window' | 'link' | 'congested' | 'unread' | 'own-link';

/** With so many replies unread a client's requests have to wait. */
const unreadMarkBytes = 1024 * 1024;
/** What is read from a client whose requests have to wait: to see that it has gone, something has to be read. */
const readAheadBytes = 16 * 1024;

/**
 * One client: takes its requests in order, passes them on or has them answered, and gives it the replies in the
 * same order. Requests that cannot be taken now stay in the intake until what they wait for has come.
 */
export class Session implements RequestTaker, ExclusiveTarget, MemoryUser {
  readonly state: ClientState;
  readonly services: SessionServices;
  readonly sender: Sender;

  readonly #connection: ClientConnection;
  readonly #intake: Intake;
  readonly #own: OwnLink;
  #hold: Hold | undefined;
  #lost: Lost[] = [];
  #heldBytes = 0;
  #hasUnread = false;
  #hasClientEnded = false;

  constructor(socket: Socket, state: ClientState, services: SessionServices) {
    this.state = state;
    this.services = services;
    this.sender = new Sender(this, state, services);
    this.#own = new OwnLink(this, state, services.upstream);
    this.#intake = new Intake(this, services.table);
    this.#connection = new ClientConnection(socket, services, {
      drained: () => this.#drained(),
      ended: () => this.#clientEnded(),
      closed: () => this.#closed(),
    });
  }

  /** The link that is this client's alone, while it has one. */
  get dedicated(): Dedicated | undefined {
    return this.#own.current;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Takes what the socket has read. The bytes are not needed after the call. */
  receive(bytes: Buffer, length: number): void {
    if (this.#connection.isClosing) return;
    this.services.figures.clientBytesIn += length;
    this.state.lastActiveAt = this.services.now();
    this.#intake.receive(bytes, length);
    this.#settle();
  }

  // --- taking requests ---

  get isFree(): boolean {
    return this.#hold === undefined && !this.#connection.isClosing;
  }

  get requestLimits(): RequestLimits {
    return this.state.isLoggedIn ? requestLimits : anonymousLimits;
  }

  room(): number {
    if (!this.state.isLoggedIn || this.state.replies !== 'on') return 0;
    return this.dedicated !== undefined || this.#isUnread ? 0 : this.sender.room();
  }

  pass(command: Command, place: Place): void {
    this.sender.add(command, place);
    this.#count(command);
  }

  passed(): void {
    this.sender.sendAdded();
  }

  take(request: Request): boolean {
    this.passed();
    const { replies } = this.state;
    this.state.lastCommand = request.described;
    if (!dispatch(request, this)) return false;
    this.services.figures.countCommand(request.command);
    // CLIENT REPLY SKIP holds for one request, which may be another one of its kind
    const isSkip = request.described.name === 'client|reply' && request.keyword(2) === 'skip';
    if (replies === 'skip' && !isSkip) this.state.replies = 'on';
    return true;
  }

  takeLarge(command: Command, begun: BegunRequest): LargeRequest | undefined {
    this.passed();
    const isPassedOn = command.route === 'shared' || this.dedicated?.isInTransaction === true;
    if (!isPassedOn || !this.state.isLoggedIn) {
      // it has to be looked at as a whole, which it may not become
      if (this.#intake.size > this.services.limits.inFlightBytes) this.refuse('invalid bulk length');
      return undefined;
    }
    const dedicated = this.isQuiet() ? this.needDedicated() : undefined;
    if (dedicated === undefined) return undefined;
    this.#count(command);
    const link = typeof dedicated === 'string' ? undefined : dedicated.link;
    if (link !== undefined) this.sender.startOne(link, this.#isMuted);
    else this.fail('unavailable', String(dedicated));
    return new LargeRequest(begun, link);
  }

  refuse(fault: string): boolean {
    this.passed();
    if (!this.isQuiet()) return false;
    this.services.figures.countRejected('protocol');
    this.answer(error(`ERR Protocol error: ${fault}`));
    this.end();
    return true;
  }

  #count(command: Command): void {
    this.services.figures.countCommand(command);
    this.state.lastCommand = command;
  }

  get #isUnread(): boolean {
    return this.#connection.output.unreadBytes > unreadMarkBytes;
  }

  get #isMuted(): boolean {
    return this.state.replies !== 'on';
  }

  // --- waiting ---

  /** The request at hand waits until it is called back. */
  waitFor(hold: Hold, wait: (resume: () => void) => void): false {
    this.#hold = hold;
    wait(() => this.#resume(hold));
    return false;
  }

  #wait(hold: Hold): false {
    this.#hold = hold;
    if (hold === 'link' || hold === 'congested') this.sender.wait(hold, () => this.#resume(hold));
    return false;
  }

  /** Goes on with the requests if it was this that they waited for. */
  #resume(hold: Hold): void {
    if (this.#hold !== hold || this.#connection.isClosing) return;
    this.#hold = undefined;
    this.#intake.resume();
    this.#settle();
  }

  get #isAnswered(): boolean {
    return this.sender.inFlight === 0 && !this.dedicated?.isExpecting;
  }

  // --- for those who decide about a request ---

  /** Whether all that was sent is answered; if not, the request at hand waits until it is. */
  isQuiet(): boolean {
    return this.#isAnswered || this.#wait('quiet');
  }

  /** Gives the client a reply of our own. Only when quiet. */
  answer(text: string): true {
    if (!this.#isMuted) this.#connection.output.appendText(text);
    return true;
  }

  /** Gives the client an error of our own. Only when quiet. */
  fail(reason: ErrorReason, text: string): true {
    this.services.figures.countError(reason);
    return this.answer(text);
  }

  /** Passes a request on over a shared link. */
  forward(request: Request): boolean {
    const obstacle = this.#isUnread ? 'unread' : this.sender.obstacle();
    if (typeof obstacle === 'string') return this.#wait(obstacle);
    if (obstacle !== undefined) return this.isQuiet() && this.fail('unavailable', obstacle.error);
    if (request.size > largeRequestBytes) return this.isQuiet() && this.forwardAlone(request);
    this.sender.sendOne(request, { isMuted: this.#isMuted });
    return true;
  }

  /** Passes a request on over a link of the client's own, which it may keep. Only when quiet, if it has none yet. */
  forwardAlone(request: Request, allowedMs = this.services.limits.timeoutMs): boolean {
    const dedicated = this.needDedicated();
    if (dedicated === undefined) return false;
    if (typeof dedicated === 'string') return this.fail('unavailable', dedicated);
    this.sender.sendOne(request, { own: dedicated.link, isMuted: this.#isMuted, allowedMs });
    return true;
  }

  /** The link of the client's own; undefined while the request waits for one; the error when there is none. */
  needDedicated(): Dedicated | string | undefined {
    if (this.dedicated !== undefined) return this.dedicated;
    const refusal = this.#own.takeRefusal();
    if (refusal !== undefined) return refusal;
    const obstacle = this.sender.obstacle();
    if (typeof obstacle === 'object') return obstacle.error;
    if (obstacle === 'link') this.#wait('link');
    else this.waitFor('own-link', (resume) => this.#own.get(resume));
    return undefined;
  }

  dropDedicated(): void {
    this.#own.drop();
  }

  // --- replies ---

  takeReplies(slice: ReplySlice): void {
    this.sender.answered(slice);
    if (!this.#connection.isClosing) this.#connection.output.append(slice);
  }

  takeUnsolicited(slice: ReplySlice): void {
    if (this.#connection.isClosing) return;
    const frame = this.#connection.output.appendFrame(slice);
    if (frame !== undefined) this.dedicated?.note(frame);
  }

  takeLoss(run: Run, loss: LinkLoss): void {
    const lost = noteLost(run, loss);
    this.sender.lost(lost);
    this.#lost.push(lost);
  }

  flush(): void {
    if (this.#connection.isClosing) return;
    if (this.#lost.length > 0) this.#settleLosses();
    const { dedicated } = this;
    if (dedicated !== undefined && this.sender.inFlight === 0) {
      dedicated.isBlocking = false;
      if (dedicated.link.isLost) this.#lostDedicated(dedicated);
      else if (!this.#intake.isInsideLarge) this.#own.giveBackIfClean();
    }
    if (this.#hold === 'quiet' && this.#isAnswered) this.#resume('quiet');
    else if (this.#hold === 'window' && this.sender.isWindowOpen) this.#resume('window');
    else this.#settle();
  }

  /** Tells the client which of its requests are lost, or sends them again. */
  #settleLosses(): void {
    const { output } = this.#connection;
    const lost = this.#lost;
    this.#lost = [];
    if (output.isInsideReply) {
      this.cut('reply-cut');
      return;
    }
    output.dropPartial();
    const { failed, repeat, repeated } = partLost(lost, this.sender.mayRepeat());
    for (const { count, loss, isMuted } of failed) {
      const { reason, text } = lossError(loss);
      this.services.figures.countError(reason, count);
      if (!isMuted) output.appendText(text.repeat(count));
    }
    this.sender.repeats(repeated);
    if (repeated === 0) return;
    this.#intake.putBack(repeat);
    if (this.isFree) this.#intake.resume();
  }

  /** The client's own link is gone: with what was set up there, its connection has to end as one to Redis would. */
  #lostDedicated(dedicated: Dedicated): void {
    this.#own.drop();
    // a subscription that is not confirmed is the one request that is not counted as under way
    if (dedicated.isExpecting) {
      const { reason, text } = lossError({ reason: 'closed', detail: 'subscription not confirmed' });
      this.fail(reason, text);
    }
    if (!dedicated.hasState) return;
    this.services.figures.countRejected('state-lost');
    this.end();
  }

  // --- the client's connection ---

  /** Sends what is due both ways, and reads from the client as far as it may go on. */
  #settle(): void {
    this.sender.submit();
    const connection = this.#connection;
    if (connection.isClosing) return;
    connection.output.flush();
    const { unreadBytes, heldBytes } = connection.output;
    this.#hasUnread = unreadBytes > 0;
    this.#holds(this.#intake.heldBytes + this.sender.inFlightBytes + heldBytes);
    if (unreadBytes > this.services.limits.unreadBytes) this.cut('unread');
    if (connection.isClosing) return;
    if (this.#intake.isCongested && this.#hold === undefined) {
      this.waitFor('congested', (resume) => this.dedicated?.link.waitForDrain(resume));
    }
    if (!this.#hasClientEnded) connection.read(this.#mayRead);
    else if (this.#hold === undefined && this.sender.inFlight === 0) this.end();
  }

  /**
   * A client whose requests wait is read from no further, unless they wait for the client itself to read: it may
   * be one that sends all its requests before it reads the first reply.
   */
  get #mayRead(): boolean {
    if (this.#hold === undefined) return true;
    if (this.#intake.isCongested) return false;
    return (
      this.#intake.size < (this.#hold === 'unread' ? this.services.limits.inFlightBytes : readAheadBytes)
    );
  }

  /** Tells how much memory it holds now. May be cut off for it. */
  #holds(bytes: number): void {
    const change = bytes - this.#heldBytes;
    this.#heldBytes = bytes;
    if (change !== 0) this.services.memory.add(change);
  }

  #drained(): void {
    // nearly always: the kernel has taken at once what was written
    if (!this.#hasUnread) return;
    this.#connection.output.flush();
    if (this.#hold === 'unread' && this.#connection.output.unreadBytes <= unreadMarkBytes / 2) {
      this.#resume('unread');
    } else this.#settle();
  }

  /** The client will send no more; what it has sent is still answered. */
  #clientEnded(): void {
    this.#hasClientEnded = true;
    // nobody is left to hear messages, or to get what a blocking command takes out
    if (this.dedicated !== undefined) this.cut('client-ended');
    else this.#settle();
  }

  /** Answers what the client has sent so far, and then lets it go. */
  finish(): void {
    if (this.#connection.isClosing) return;
    this.#hasClientEnded = true;
    this.#connection.read(false);
    // what blocks is told to stop, so that nothing it has taken out is lost
    if (this.dedicated?.isBlocking) this.services.upstream.unblock(this.dedicated.link);
    this.#settle();
  }

  /** Lets the client go after what it was given so far. */
  end(): void {
    this.#connection.end();
    this.#own.drop();
  }

  /** Cuts the client off at once. */
  cut(reason: RejectReason): void {
    this.#connection.cut(reason);
    this.#own.drop();
    this.#holds(0);
  }

  evict(): void {
    if (!this.#connection.isClosing) this.cut('memory');
  }

  #closed(): void {
    this.#own.close();
    this.#intake.clear();
    this.sender.leave();
    this.#holds(0);
    this.services.clients.remove(this);
  }
}
