import type { Socket } from 'node:net';
import type { ErrorReason, RejectReason } from '../figures.ts';
import type { MemoryUser } from '../policy/memory-budget.ts';
import { encodeRequest, error } from '../resp/encode.ts';
import { splitInline } from '../resp/inline.ts';
import {
  anonymousLimits,
  incomplete,
  malformed,
  RequestScanner,
  requestLimits,
} from '../resp/request-scanner.ts';
import { type Command, unknownCommand } from '../route/command-table.ts';
import type { Run } from '../upstream/in-flight.ts';
import type { ExclusiveTarget, LinkLoss, ReplySlice } from '../upstream/reply-target.ts';
import type { ClientState } from './client-state.ts';
import { Dedicated } from './dedicated.ts';
import { dispatch } from './dispatch.ts';
import { Input } from './input.ts';
import { type Lost, noteLost, partLost } from './losses.ts';
import { Output } from './output.ts';
import { Request } from './request.ts';
import { Sender } from './sender.ts';
import type { SessionServices } from './services.ts';

/**
 * What a client's next request waits for: replies to all that were sent before; to some of them; a link to the
 * upstream; the upstream to read what it was sent; the client to read its replies; a link of its own.
 */
export type Hold = 'quiet' | 'window' | 'link' | 'congested' | 'unread' | 'dedicated';

/** Requests larger than this travel alone, so that others need not wait behind them. */
const largeRequestBytes = 1024 * 1024;
/** With so many replies unread a client's requests have to wait. */
const unreadMarkBytes = 1024 * 1024;
const lingerMs = 1000;
/** Enough for what announces how much more will come. */
const headerBytes = 64;

/**
 * One client: takes its requests in order, passes them on or has them answered, and gives it the replies in the
 * same order. Requests that cannot be taken now stay in the input until what they wait for has come.
 */
export class Session implements ExclusiveTarget, MemoryUser {
  readonly state: ClientState;
  readonly services: SessionServices;
  readonly sender: Sender;
  /** The link that is this client's alone. */
  dedicated: Dedicated | undefined;
  /** Why MULTI got no link, or has lost it: the text for all commands until EXEC or DISCARD. */
  brokenTransaction: string | undefined;

  readonly #socket: Socket;
  readonly #scanner = new RequestScanner();
  readonly #input = new Input();
  readonly #output: Output;
  /** Ends the wait for a link of its own when the client is gone. */
  #gone: AbortController | undefined;
  #hold: Hold | undefined;
  #dedicatedRefusal: string | undefined;
  #lost: Lost[] = [];
  #heldBytes = 0;
  #isReading = true;
  #hasClientEnded = false;
  #isClosing = false;

  constructor(socket: Socket, state: ClientState, services: SessionServices) {
    this.#socket = socket;
    this.state = state;
    this.services = services;
    this.sender = new Sender(this, state, services);
    this.#output = new Output(socket, services.figures);
    socket.on('drain', () => this.#drained());
    socket.on('end', () => this.#clientEnded());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#closed());
  }

  /** Takes what the socket has read. The bytes are not needed after the call. */
  receive(bytes: Buffer, length: number): void {
    if (this.#isClosing) return;
    this.services.figures.clientBytesIn += length;
    this.state.lastActiveAt = this.services.now();
    let at = this.#completeInput(bytes, length);
    if (this.#hold === undefined) at = this.#take(bytes, at, length);
    if (at < length && !this.#isClosing) this.#keep(bytes, at, length);
    this.#settle();
  }

  /** Adds to a request that has come in part what it lacks, and no more; returns how much of the bytes that was. */
  #completeInput(bytes: Buffer, length: number): number {
    let at = 0;
    while (at < length && this.#input.size > 0 && this.#hold === undefined) {
      const missing = this.#scanner.neededBytes - this.#input.size;
      const end = Math.min(length, at + Math.max(missing, headerBytes));
      this.#keep(bytes, at, end);
      at = end;
      this.#takeInput();
    }
    return at;
  }

  // --- requests ---

  /** Takes requests as far as they are whole and nothing has to be waited for; returns where it stopped. */
  #take(bytes: Buffer, start: number, end: number): number {
    const { table, figures } = this.services;
    const scanner = this.#scanner;
    scanner.limits = this.state.isLoggedIn ? requestLimits : anonymousLimits;
    let at = start;
    let room = this.#room();
    while (this.#hold === undefined && !this.#isClosing) {
      const next = scanner.next(bytes, at, end);
      if (next === incomplete) break;
      const isArray = next > 0 && !scanner.isInline && scanner.argumentCount > 0;
      const command = isArray ? table.find(bytes, scanner.nameStart, scanner.nameEnd) : unknownCommand;
      const place = { bytes, start: at, end: next };
      if (isArray && room > 0 && command.route === 'shared' && next - at <= largeRequestBytes) {
        this.sender.add(command, place);
        figures.countCommand(command);
        this.state.lastCommand = command;
        room--;
      } else {
        this.sender.sendAdded();
        const isTaken = next === malformed ? this.#refuse(scanner.fault) : this.#takeOne(command, place);
        if (!isTaken) break;
        if (next !== malformed) room = this.#room();
      }
      at = next;
    }
    this.sender.sendAdded();
    return at;
  }

  /** How many requests can be passed on without a further look at them. */
  #room(): number {
    if (!this.state.isLoggedIn || this.state.replies !== 'on') return 0;
    if (this.dedicated !== undefined || this.brokenTransaction !== undefined) return 0;
    return this.#output.unreadBytes > unreadMarkBytes ? 0 : this.sender.room();
  }

  /** Takes one request that needs a closer look. False: it has to wait, and is offered again. */
  #takeOne(command: Command, place: Pick<Request, 'bytes' | 'start' | 'end'>): boolean {
    const { isInline, argumentCount, secondStart, secondEnd } = this.#scanner;
    if (isInline) return this.#takeInline(place.bytes.subarray(place.start, place.end));
    if (argumentCount === 0) return true;
    const { replies } = this.state;
    const word =
      argumentCount > 1 ? place.bytes.toString('latin1', secondStart, secondEnd).toLowerCase() : '';
    const request = new Request(command, command.subcommands?.get(word), place);
    if (!dispatch(request, this)) return false;
    this.services.figures.countCommand(command);
    this.state.lastCommand = command;
    // CLIENT REPLY SKIP holds for one request, which may be another one of its kind
    const isSkip = request.described.name === 'client|reply' && request.keyword(2) === 'skip';
    if (replies === 'skip' && !isSkip) this.state.replies = 'on';
    return true;
  }

  #takeInline(line: Buffer): boolean {
    const words = splitInline(line.subarray(0, line.at(-2) === 0x0d ? -2 : -1));
    if (words === undefined) return this.#refuse('unbalanced quotes in request');
    if (words.length === 0) return true;
    const bytes = encodeRequest(words);
    this.#scanner.next(bytes, 0, bytes.length);
    const command = this.services.table.find(bytes, this.#scanner.nameStart, this.#scanner.nameEnd);
    return this.#takeOne(command, { bytes, start: 0, end: bytes.length });
  }

  /** Says what is wrong with the client's bytes and lets it go, once all before that is answered. */
  #refuse(fault: string): boolean {
    if (!this.isQuiet()) {
      this.#scanner.reset();
      return false;
    }
    this.services.figures.countRejected('protocol');
    this.answer(error(`ERR Protocol error: ${fault}`));
    this.end();
    return true;
  }

  #keep(bytes: Buffer, start: number, end: number): void {
    this.#input.append(bytes, { start, end }, this.#scanner.neededBytes);
  }

  #takeInput(): void {
    const { bytes, start, end } = this.#input;
    const taken = this.#take(bytes, start, end);
    if (!this.#isClosing) this.#input.dropBefore(taken);
  }

  /** The request at hand waits until it is called back. */
  waitFor(wait: (resume: () => void) => void): false {
    this.#hold = 'link';
    wait(() => this.resume('link'));
    return false;
  }

  #wait(hold: Hold): false {
    this.#hold = hold;
    if (hold === 'link' || hold === 'congested') this.sender.wait(hold, () => this.resume(hold));
    return false;
  }

  /** Goes on with the input if it was this that it waited for. */
  resume(hold: Hold): void {
    if (this.#hold !== hold || this.#isClosing) return;
    this.#hold = undefined;
    this.#takeInput();
    this.#settle();
  }

  // --- for those who decide about a request ---

  /** Whether all that was sent is answered; if not, the request at hand waits until it is. */
  isQuiet(): boolean {
    if (this.sender.inFlight === 0 && !this.dedicated?.isExpecting) return true;
    return this.#wait('quiet');
  }

  /** Gives the client a reply of our own. Only when quiet. */
  answer(text: string): true {
    if (this.state.replies === 'on') this.#output.appendText(text);
    return true;
  }

  /** Gives the client an error of our own. Only when quiet. */
  fail(reason: ErrorReason, text: string): true {
    this.services.figures.countError(reason);
    return this.answer(text);
  }

  /** Whether there is a link to the upstream; if not, the request waits for it, or gets an error (see `forward`). */
  forward(request: Request): boolean {
    const isUnread = this.#output.unreadBytes > unreadMarkBytes;
    const obstacle = isUnread ? 'unread' : this.sender.obstacle();
    if (obstacle === undefined) {
      if (request.size > largeRequestBytes) return this.isQuiet() && this.forwardAlone(request);
      this.sender.sendOne(request, { isMuted: this.state.replies !== 'on' });
      return true;
    }
    if (typeof obstacle === 'string') return this.#wait(obstacle);
    return this.isQuiet() && this.fail('unavailable', obstacle.error);
  }

  /** Passes a request on over a link of the client's own, which it may keep. Only when quiet. */
  forwardAlone(request: Request, allowedMs = this.services.limits.timeoutMs): boolean {
    const dedicated = this.needDedicated();
    if (dedicated === undefined) return false;
    if (typeof dedicated === 'string') return this.fail('unavailable', dedicated);
    this.sender.sendOne(request, { link: dedicated.link, isMuted: this.state.replies !== 'on', allowedMs });
    return true;
  }

  /** The link of the client's own; undefined while the request waits for one; the error when there is none. */
  needDedicated(): Dedicated | string | undefined {
    if (this.dedicated !== undefined) return this.dedicated;
    const refusal = this.#dedicatedRefusal;
    this.#dedicatedRefusal = undefined;
    if (refusal !== undefined) return refusal;
    const obstacle = this.sender.obstacle();
    if (typeof obstacle === 'object') return obstacle.error;
    if (obstacle === 'link') this.#wait('link');
    else this.#takeDedicated();
    return undefined;
  }

  #takeDedicated(): void {
    this.#wait('dedicated');
    const { upstream } = this.services;
    const { protocol, db } = this.state;
    this.#gone ??= new AbortController();
    upstream.dedicated.take(protocol, db, this.#gone.signal).then(
      (link) => {
        if (this.#isClosing) return upstream.dedicated.giveBack(link, protocol, db);
        link.own(this);
        this.dedicated = new Dedicated(link);
        this.resume('dedicated');
      },
      (cause: unknown) => {
        this.#dedicatedRefusal = upstream.failureText(cause);
        this.resume('dedicated');
      },
    );
  }

  /** Gives up the link of the client's own, and with it all that was set up there. */
  dropDedicated(): void {
    const { dedicated } = this;
    this.dedicated = undefined;
    if (dedicated !== undefined) this.services.upstream.dedicated.discard(dedicated.link);
  }

  // --- replies ---

  takeReplies(slice: ReplySlice): void {
    this.sender.answered(slice);
    if (!this.#isClosing) this.#output.append(slice);
  }

  takeUnsolicited(slice: ReplySlice): void {
    if (this.#isClosing) return;
    const frame = this.#output.appendFrame(slice);
    if (frame !== undefined) this.dedicated?.note(frame);
  }

  takeLoss(run: Run, loss: LinkLoss): void {
    const lost = noteLost(run, loss);
    this.sender.inFlight -= lost.count;
    this.sender.inFlightBytes -= lost.size;
    this.#lost.push(lost);
  }

  flush(): void {
    if (this.#isClosing) return;
    if (this.#lost.length > 0) this.#settleLosses();
    const { dedicated } = this;
    if (dedicated !== undefined && this.sender.inFlight === 0) dedicated.isBlocking = false;
    if (dedicated?.link.isLost) this.#lostDedicated(dedicated);
    else if (dedicated?.isClean && this.sender.inFlight === 0) this.#giveBack(dedicated);
    if (this.#hold === 'quiet' && this.sender.inFlight === 0 && !this.dedicated?.isExpecting)
      this.resume('quiet');
    else if (this.#hold === 'window' && this.sender.isWindowOpen) this.resume('window');
    this.#settle();
  }

  #giveBack({ link }: Dedicated): void {
    this.dedicated = undefined;
    this.services.upstream.dedicated.giveBack(link, this.state.protocol, this.state.db);
  }

  /** Tells the client which of its requests are lost, or sends them again. */
  #settleLosses(): void {
    const { now, limits, figures } = this.services;
    const lost = this.#lost;
    this.#lost = [];
    if (this.#output.isInsideReply) {
      this.cut('reply-cut');
      return;
    }
    this.#output.dropPartial();
    const { sender } = this;
    if (sender.repeatUntil === 0) sender.repeatUntil = now() + limits.timeoutMs;
    const { failed, repeat } = partLost(lost, now() < sender.repeatUntil);
    for (const { count, loss, isMuted } of failed) {
      figures.countError(
        loss.reason === 'closed'
          ? 'connection-lost'
          : loss.reason === 'stopped'
            ? 'unavailable'
            : loss.reason,
        count,
      );
      if (!isMuted) this.#output.appendText(lossText(loss).repeat(count));
    }
    if (repeat.length === 0) sender.repeatUntil = 0;
    else this.#input.prepend(Buffer.concat(repeat));
    figures.repeated += repeat.length;
    // the input begins anew with what is sent again
    this.#scanner.reset();
    if (this.#hold === undefined) this.#takeInput();
  }

  /** The client's own link is gone, and what was set up there with it. */
  #lostDedicated(dedicated: Dedicated): void {
    this.dedicated = undefined;
    if (dedicated.hasState) {
      this.services.figures.countRejected('state-lost');
      this.end();
    } else if (dedicated.isInTransaction) {
      this.brokenTransaction = error('ERR redis-ambassador: upstream connection lost within the transaction');
    }
  }

  // --- the client's connection ---

  /**
   * Sends what is due both ways. Nothing is read from a client whose requests have to wait, unless it is for the
   * client itself to read: it may be one that sends all its requests before it reads the first reply.
   */
  #settle(): void {
    this.sender.submit();
    if (this.#isClosing) return;
    this.#output.flush();
    const { limits } = this.services;
    const { unreadBytes } = this.#output;
    this.#holds(this.#input.heldBytes + this.sender.inFlightBytes + unreadBytes);
    if (unreadBytes > limits.unreadBytes) this.cut('unread');
    if (this.#isClosing) return;
    const mayRead =
      this.#hold === undefined || (this.#hold === 'unread' && this.#input.size < limits.inFlightBytes);
    if (mayRead !== this.#isReading && !this.#hasClientEnded) this.#read(mayRead);
    if (this.#hasClientEnded && this.#hold === undefined && this.sender.inFlight === 0) this.end();
  }

  /** Tells how much memory it holds now. May be cut off for it. */
  #holds(bytes: number): void {
    const change = bytes - this.#heldBytes;
    this.#heldBytes = bytes;
    if (change !== 0) this.services.memory.add(change);
  }

  #read(isReading: boolean): void {
    this.#isReading = isReading;
    if (isReading) this.#socket.resume();
    else this.#socket.pause();
  }

  #drained(): void {
    this.#output.flush();
    if (this.#hold === 'unread' && this.#output.unreadBytes <= unreadMarkBytes / 2) this.resume('unread');
    else this.#settle();
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
    if (this.#isClosing) return;
    this.#hasClientEnded = true;
    this.#read(false);
    this.#settle();
  }

  /** Lets the client go after what it was given so far. */
  end(): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.dropDedicated();
    this.#output.finish();
    const socket = this.#socket;
    const destroy = () => socket.destroy();
    // closing while there is something unread would make the kernel take back what the client has not read
    this.#read(true);
    socket.end(() => setTimeout(destroy, lingerMs).unref());
    setTimeout(destroy, this.services.limits.timeoutMs).unref();
  }

  /** Cuts the client off at once. */
  cut(reason: RejectReason): void {
    this.services.figures.countRejected(reason);
    this.#isClosing = true;
    this.dropDedicated();
    this.#socket.destroy();
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  evict(): void {
    if (!this.#isClosing) this.cut('memory');
  }

  #closed(): void {
    this.#isClosing = true;
    this.#gone?.abort();
    this.dropDedicated();
    this.sender.leave();
    this.#holds(0);
    this.services.clients.remove(this);
  }
}

function lossText({ reason, detail }: LinkLoss): string {
  if (reason === 'timeout') return error(`ERR redis-ambassador: upstream timed out: ${detail}`);
  return error(`ERR redis-ambassador: upstream connection lost (unknown outcome): ${detail}`);
}
