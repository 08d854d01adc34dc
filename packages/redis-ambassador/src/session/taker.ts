import type { Command } from '../command/command.ts';
import type { Request } from '../command/request.ts';
import type { Action, Refuse, WaitFor } from '../decide/action.ts';
import { decide } from '../decide/decide.ts';
import { decideLarge } from '../decide/large.ts';
import { sampleEvery } from '../policy/hot-keys.ts';
import { anonymousLimits, type RequestLimits, requestLimits } from '../resp/request-scanner.ts';
import type { Node } from '../topology/topology.ts';
import type { ClientState } from './client-state.ts';
import type { KeyPlace, Place, RequestTaker, Taken } from './intake.ts';
import { type BegunRequest, LargeRequest } from './large-request.ts';
import type { Sender } from './sender.ts';
import type { SessionServices } from './services.ts';
import type { View } from './view.ts';
import type { Waiting } from './waiting.ts';
import { anywhere, type Where } from './waits.ts';

/** Carries out decisions. */
export interface Actor {
  readonly isClosing: boolean;
  carryOut(action: Exclude<Action, WaitFor>, request: Request): void;
  giveError(action: Refuse): void;
  /** Ends the connection after a protocol error of the client. */
  endFor(fault: string): void;
}

/** Takes a client's requests in order: decides each one, and has the decision carried out. */
export class Taker implements RequestTaker {
  readonly #view: View;
  readonly #waiting: Waiting;
  readonly #actor: Actor;
  readonly #state: ClientState;
  readonly #services: SessionServices;
  readonly #sender: Sender;
  /** Whether there is always a single server. */
  readonly #isOne: boolean;
  /** Request counter for sampling; clients start at random. */
  #passed: number;

  constructor(view: View, waiting: Waiting, actor: Actor) {
    this.#view = view;
    this.#waiting = waiting;
    this.#actor = actor;
    const { state, services, sender } = view.parts;
    this.#state = state;
    this.#services = services;
    this.#sender = sender;
    this.#isOne = services.nodes.topology.kind === 'standalone';
    this.#passed = state.id % sampleEvery;
  }

  get isFree(): boolean {
    return this.#waiting.hold === undefined && !this.#actor.isClosing;
  }

  get requestLimits(): RequestLimits {
    return this.#view.isLoggedIn ? requestLimits : anonymousLimits;
  }

  room(keptSince: number | undefined): number {
    const view = this.#view;
    const isApart = view.dedicated !== undefined || view.getsLargeReplies;
    if (!view.isLoggedIn || view.isMuted || isApart || view.isBehind) return 0;
    if (keptSince !== undefined && this.#sender.isLate(keptSince)) return 0;
    const { nodes } = this.#services;
    if (this.#isOne) return this.#sender.room(nodes.primary);
    return view.isRedirecting || view.isMultiOpen ? 0 : this.#sender.roomAnywhere;
  }

  pass(command: Command, place: Place, key: KeyPlace): boolean {
    if (!this.#isOne && !this.#aim(command, place, key)) return false;
    this.#sender.add(command, place);
    this.#count(command);
    if ((++this.#passed & (sampleEvery - 1)) === 0 && command.isOfOneKey) {
      this.#services.hotKeys.note(place.bytes, key.secondStart, keyEnd(key));
    }
    return true;
  }

  /** Directs a request to the node of its key; false if it must be decoded. */
  #aim(command: Command, { bytes }: Place, key: KeyPlace): boolean {
    const { nodes } = this.#services;
    const owner = this.#ownerOf(command, bytes, key);
    if (owner === undefined) return false;
    const node = command.isForReplicas ? nodes.reads.nodeFor(owner, this.#state.id) : owner;
    return node !== undefined && this.#sender.aim(nodes.at(node));
  }

  /** Returns the node of its key, if no decoding is needed. */
  #ownerOf(command: Command, bytes: Buffer, key: KeyPlace): Node | undefined {
    const { placement, primary } = this.#services.nodes.topology;
    if (placement === undefined) return command.merge === undefined ? primary : undefined;
    const [start, end] = [key.secondStart, keyEnd(key)];
    if (!command.isOfOneKey || start === end) return undefined;
    return placement.nodeOf(placement.slotOf(bytes, start, end));
  }

  passed(): void {
    this.#sender.sendAdded();
  }

  take(request: Request): Taken {
    this.passed();
    const state = this.#state;
    state.lastCommand = request.described;
    const action = decide(request, this.#view, this.#services.nodes.topology);
    if (action.kind === 'wait') return this.#waitFor(action, request.readAt);
    this.#actor.carryOut(action, request);
    this.#forgetRefusal();
    this.#services.figures.countCommand(request.command);
    if (state.skips > 0) state.skips--;
    return 'taken';
  }

  takeLarge(command: Command, begun: BegunRequest, readAt: number): LargeRequest | undefined {
    this.passed();
    const action = decideLarge({ command, readAt }, this.#view, this.#services.nodes.topology);
    if (action.kind === 'keep') {
      // the rest may never arrive
      if (begun.begun.length > this.#services.limits.inFlightBytes) this.refuse('invalid bulk length');
      return undefined;
    }
    if (action.kind === 'wait') {
      this.#waitFor(action, readAt);
      return undefined;
    }
    this.#count(command);
    const link = action.kind === 'stream' ? this.#view.dedicated?.link : undefined;
    if (link !== undefined) this.#sender.startOne(link, this.#view.isMuted);
    if (action.kind === 'refuse') this.#actor.giveError(action);
    this.#forgetRefusal();
    return new LargeRequest(begun, link);
  }

  refuse(fault: string): Taken {
    this.passed();
    if (!this.#view.isAnswered) return this.#wait('replies', anywhere(this.#services.nodes.topology));
    this.#actor.endFor(fault);
    return 'taken';
  }

  #waitFor(action: WaitFor, readAt: number): Taken {
    return this.#wait(action.for, { ...action, until: this.#sender.deadlineOf(readAt) });
  }

  #wait(hold: WaitFor['for'], where: Where): Taken {
    this.#waiting.start(hold, where);
    return 'waiting';
  }

  #count(command: Command): void {
    this.#services.figures.countCommand(command);
    this.#state.lastCommand = command;
  }

  /** Lets the next request try again for a dedicated link. */
  #forgetRefusal(): void {
    const { holder } = this.#view.parts;
    if (holder.refusal !== undefined) this.#sender.largeReplies.refused();
    holder.refusal = undefined;
  }
}

function keyEnd({ argumentCount, secondStart, secondEnd }: KeyPlace): number {
  return argumentCount > 1 ? secondEnd : secondStart;
}
