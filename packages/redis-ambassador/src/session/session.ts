import type { Request } from '../command/request.ts';
import { ok } from '../command/words.ts';
import type { Action, DedicatedAction, Refuse, WaitFor } from '../decide/action.ts';
import { readRedirect } from '../decide/redirect.ts';
import type { RejectReason } from '../figures.ts';
import { MemoryShare } from '../policy/memory-budget.ts';
import { error } from '../resp/encode.ts';
import type { ReadGate } from '../upstream/read-gate.ts';
import type {
  DedicatedTarget,
  LostRun,
  ReplySlice,
  ReplyTarget,
  Run,
  RunLoss,
  SentRun,
} from '../upstream/reply-target.ts';
import { answer } from './answers/answers.ts';
import type { Asker } from './answers/asker.ts';
import { Bound } from './bound.ts';
import { ClientConnection } from './client-connection.ts';
import type { ClientState } from './client-state.ts';
import type { Dedicated } from './dedicated.ts';
import { DedicatedHolder } from './dedicated-holder.ts';
import type { Home, HomeKeeper, Refusal } from './home.ts';
import { Intake } from './intake.ts';
import { lossError } from './losses.ts';
import { Order } from './order.ts';
import { Recovery } from './recovery.ts';
import { Redo } from './redo.ts';
import { sendDedicated, sendParts } from './send.ts';
import { Sender } from './sender.ts';
import type { SessionServices } from './services.ts';
import { type Actor, Taker } from './taker.ts';
import { View } from './view.ts';
import { Waiting } from './waiting.ts';
import { anywhere, type Hold, mayReadOn } from './waits.ts';

/**
 * Serves one client: takes its requests in order, carries out the decision for each, and gives the client the
 * replies in the same order. Requests that must wait stay in the intake.
 */
export class Session implements Actor, DedicatedTarget, HomeKeeper, Asker {
  readonly recipient = undefined;
  readonly isWary = false;
  readonly state: ClientState;
  readonly services: SessionServices;

  readonly #connection: ClientConnection;
  readonly #intake: Intake;
  readonly #sender: Sender;
  readonly #order: Order;
  readonly #redo: Redo;
  readonly #holder: DedicatedHolder;
  readonly #view: View;
  readonly #waiting: Waiting;
  readonly #bound: Bound;
  readonly #recovery: Recovery;
  readonly #memory: MemoryShare;
  #hasUnread = false;
  /** Whether the client may send more. */
  #isTaking = true;
  #isLeaving = false;

  constructor(gate: ReadGate, state: ClientState, services: SessionServices) {
    this.state = state;
    this.services = services;
    this.#holder = new DedicatedHolder(this, state);
    this.#memory = new MemoryShare(services.memory);
    this.#connection = new ClientConnection(gate, services, {
      drained: () => this.#drained(),
      ended: () => this.#clientEnded(),
      closed: () => this.#closed(),
    });
    const { output } = this.#connection;
    this.#order = new Order(output, this);
    this.#sender = new Sender(this, { state, services, order: this.#order });
    const parts = { state, services, sender: this.#sender, holder: this.#holder, output };
    this.#redo = new Redo(parts, () => this.cut('reply-cut'));
    this.#view = new View(parts, this.#redo);
    this.#waiting = new Waiting(this.#view, (hold) => this.#resume(hold));
    this.#intake = new Intake(new Taker(this.#view, this.#waiting, this), services.table);
    const [intake, waiting] = [this.#intake, this.#waiting];
    this.#bound = new Bound(parts, this.#redo, { intake, waiting, end: () => this.#endForLoss() });
    this.#recovery = new Recovery(parts, this.#intake, (reason) => this.cut(reason));
  }

  /** With a single server, one that refuses writes still answers reads. */
  get areReadsDoubtful(): boolean {
    return this.services.nodes.topology.kind === 'sentinel' && this.#redo.isOpen;
  }

  get clientAddress(): string {
    return this.state.address;
  }

  get isClosing(): boolean {
    return this.#connection.isClosing;
  }

  get dedicated(): Dedicated | undefined {
    return this.#holder.current;
  }

  get heldBytes(): number {
    return this.#memory.heldBytes;
  }

  /** Takes the bytes read by the socket. They may be overwritten after the call. */
  receive(bytes: Buffer, length: number): void {
    if (this.isClosing) return;
    this.services.figures.clientBytesIn += length;
    const now = this.services.now();
    this.state.lastActiveAt = now;
    this.#intake.receive(bytes, length, now);
    this.#settle();
  }

  /** Continues after a change, if the client waited for it. */
  #look(): void {
    if (!this.#waiting.look()) this.#settle();
  }

  /** Continues with the requests. */
  #resume(hold: Hold): void {
    if (this.isClosing) return;
    // time that the client itself takes does not count
    if (hold === 'reader') this.#intake.restart(this.services.now());
    this.#intake.resume();
    this.#settle();
  }

  carryOut(action: Exclude<Action, WaitFor>, request: Request): void {
    switch (action.kind) {
      case 'pass':
        this.#sender.sendShared(this.services.nodes.at(action.node), action.request, this.#view.isMuted);
        break;
      case 'gather':
        sendParts(action, this, this.#view);
        break;
      case 'open-multi':
        this.state.isMultiOpen = true;
        this.#reply(ok);
        break;
      case 'close-multi':
        this.state.isMultiOpen = false;
        this.#reply(action.text);
        break;
      case 'dedicated':
        this.#sendDedicated(action);
        break;
      case 'subscribe':
        this.dedicated?.subscribe(request.wire, action.confirmations, this.#lateAt);
        break;
      case 'raw':
        this.dedicated?.sendUntracked(request.wire, this.#lateAt);
        break;
      case 'answer':
        this.#reply(answer(request, this));
        if (this.#isLeaving) this.#end();
        break;
      case 'reply':
        this.#reply(action.text);
        break;
      case 'refuse':
        this.giveError(action);
        break;
      case 'cut':
        this.cut(action.reason);
        break;
      default:
        action satisfies never;
    }
  }

  #sendDedicated(action: DedicatedAction): void {
    const { dedicated } = this;
    if (dedicated === undefined) return;
    sendDedicated(action, dedicated, this.#view);
    if (action.blocksForMs > 0 && !this.#isTaking) dedicated.link.finish();
    if (action.effect === 'end-multi') dedicated.learn(this.state, () => this.flush());
  }

  get #lateAt(): number {
    return this.#sender.deadlineOf(this.services.now());
  }

  /** Sends a reply of the ambassador itself. Only when no request is pending. */
  #reply(text: string): void {
    if (!this.#view.isMuted) this.#connection.output.appendText(text);
  }

  giveError({ reason, text, isLast }: Pick<Refuse, 'reason' | 'text' | 'isLast'>): void {
    this.services.figures.countError(reason);
    this.#reply(text);
    if (isLast) this.#end();
  }

  endFor(fault: string): void {
    this.#rejected('protocol');
    this.#reply(error(`ERR Protocol error: ${fault}`));
    this.#end();
  }

  /** With several servers, errors may only say where, or when, to retry. */
  get takeError(): ReplyTarget['takeError'] {
    if (this.services.nodes.topology.kind === 'standalone') return undefined;
    return (run, text, slice) => this.#takeError(run, text, slice);
  }

  #takeError(run: Run, text: string, slice: ReplySlice): boolean {
    const { dedicated } = this;
    if (dedicated !== undefined && this.#sender.isOn(dedicated.link)) {
      return this.#bound.takeError(run, { text, freedBytes: slice.freedBytes }, dedicated);
    }
    if (readRedirect(text, this.services.nodes.topology.nodes) === undefined) return false;
    // from here on, the run has its own target
    this.#sender.putInOrder();
    return run.target?.takeError?.(run, text, slice) ?? false;
  }

  settled(requests: number, bytes: number): void {
    this.#sender.settled(requests, bytes);
  }

  gathered(bytes: number): boolean {
    if (this.isClosing) return false;
    this.#order.heldBytes += bytes;
    return true;
  }

  lost(home: Home, run: LostRun, loss: RunLoss): void {
    this.#redo.lost(home, run, loss);
  }

  refused(home: Home, run: Run, refusal: Refusal): boolean {
    return this.#redo.refused(home, run, refusal);
  }

  takeReplies(slice: ReplySlice): void {
    this.#sender.answered(slice);
    if (!this.isClosing) this.#connection.output.append(slice);
  }

  takeUnsolicited(slice: ReplySlice): void {
    if (this.isClosing) return;
    if (this.#bound.takeUnsolicited(slice)) return;
    const frame = this.#connection.output.appendFrame(slice);
    if (frame !== undefined) this.dedicated?.note(frame);
  }

  takeLoss(run: SentRun, loss: RunLoss): void {
    this.#recovery.note(run, loss);
  }

  flush(): void {
    if (this.isClosing) return;
    const { dedicated } = this;
    // a blocked client only sees its connection end, which workers survive
    if (!(dedicated?.isBlocking && dedicated.link.isLost)) this.#recovery.settle();
    if (dedicated !== undefined && this.#sender.inFlight === 0) this.#settleDedicated(dedicated);
    this.#redo.look();
    this.#bound.goOn();
    this.#look();
  }

  /** Continues when no request is pending on the dedicated link. */
  #settleDedicated(dedicated: Dedicated): void {
    this.#sender.largeReplies.answered();
    if (dedicated.link.isLost) {
      this.#lostDedicated(dedicated);
      return;
    }
    dedicated.isBlocking = false;
    // a blocking time requested by the client does not count
    if (this.#intake.size > 0) this.#intake.restart(this.services.now());
    if (!this.#intake.isInsideLarge) this.#holder.giveBackIfClean();
  }

  /** Handles the loss of the dedicated link: with its state lost, the connection ends as one to Redis would. */
  #lostDedicated(dedicated: Dedicated): void {
    this.#holder.drop();
    // an unconfirmed subscription is the only request not counted as pending
    if (dedicated.isExpecting) {
      const { reason, text } = lossError({ reason: 'closed', detail: 'subscription not confirmed' });
      this.giveError({ reason, text, isLast: false });
    }
    if (dedicated.hasState) this.#endForLoss();
  }

  /** Cuts the client off because its state is lost. */
  #endForLoss(): void {
    if (this.#isTaking) this.#rejected('state-lost');
    this.#end();
  }

  /** Flushes both directions, and resumes or pauses reading from the client. */
  #settle(): void {
    this.#sender.submit();
    const connection = this.#connection;
    if (connection.isClosing) return;
    // include replies that come from other servers in the same turn
    if (this.#order.isOpen) this.services.turn.defer(connection.output);
    else connection.output.flush();
    this.#holder.pace(this.#view);
    const { heldBytes } = connection.output;
    const unreadBytes = connection.output.unreadBytes + this.#order.heldBytes;
    this.#hasUnread = unreadBytes > 0;
    this.#memory.hold(
      this.#intake.heldBytes + this.#sender.inFlightBytes + heldBytes + this.#order.memoryBytes,
    );
    const limits = this.services.limits;
    if (unreadBytes > limits.unreadBytes) this.cut('unread');
    if (connection.isClosing) return;
    if (this.#intake.isCongested && this.#waiting.hold === undefined)
      this.#waiting.start('link', anywhere(this.services.nodes.topology));
    if (this.#isTaking) connection.read(mayReadOn(this.#waiting.hold, this.#intake, limits.inFlightBytes));
    else if (this.#isDone) this.#end();
  }

  /** Tells whether a half-closed client has got all its replies. */
  get #isDone(): boolean {
    // an incomplete request will not be completed
    const isIdle = this.#view.isAnswered || this.#intake.isInsideLarge;
    return this.#waiting.hold === undefined && isIdle;
  }

  #drained(): void {
    // mostly the kernel accepts the write at once
    if (!this.#hasUnread) return;
    this.#connection.output.flush();
    this.#look();
  }

  /** Handles a half-closed client; its requests are still answered. */
  #clientEnded(): void {
    this.#isTaking = false;
    // unblock now: an element popped later would be lost
    if (this.dedicated?.isBlocking) this.dedicated.link.finish();
    this.#settle();
  }

  finish(): void {
    if (this.isClosing) return;
    this.#isTaking = false;
    this.#connection.read(false);
    this.#holder.unblock();
    this.#settle();
  }

  leave(): void {
    this.#isLeaving = true;
  }

  dropDedicated(): void {
    this.#holder.drop();
  }

  /** Closes the connection after all output so far. */
  #end(): void {
    this.#connection.end();
    this.#holder.drop();
  }

  cut(reason: RejectReason): void {
    if (!this.isClosing) this.#rejected(reason);
    this.#connection.cut();
    this.#release();
  }

  #rejected(reason: RejectReason): void {
    this.services.rejections.note(reason, this.state.address);
  }

  evict(): void {
    if (!this.isClosing) this.cut('memory');
  }

  #closed(): void {
    this.#release();
    this.services.clients.remove(this);
  }

  /** Frees all resources. */
  #release(): void {
    this.#holder.close();
    this.#intake.clear();
    this.#redo.close();
    this.#order.clear();
    this.#sender.leave();
    this.#memory.hold(0);
  }
}
