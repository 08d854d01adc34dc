import { keysOf } from '../command/keys.ts';
import type { Request } from '../command/request.ts';
import { readRequest } from '../command/request-reader.ts';
import { unavailable } from '../command/words.ts';
import { placeOf } from '../decide/placed.ts';
import { type Redirect, readRedirect, withoutAddress } from '../decide/redirect.ts';
import type { Node, Placement } from '../topology/topology.ts';
import type { LostRun, Run, RunLoss } from '../upstream/reply-target.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { Home, Refusal } from './home.ts';
import { isElsewhere, lossError } from './losses.ts';
import type { SessionParts } from './view.ts';

/** A request that was not executed, or changes nothing, and is asked again. */
interface Item {
  readonly home: Home;
  /** Its turn among what is asked again. */
  readonly turn: number;
  readonly request: Request;
  /** Of its first key. */
  readonly slot: number;
  readonly deadline: number;
  /** How long it is worth waiting for a server that takes it. */
  readonly holdUntil: number;
  readonly attempts: number;
  /** Where to ask, if not where its keys belong. */
  readonly at: Node | undefined;
  readonly isAsking: boolean;
  /** Where keys belonged when it was refused: once that is another, `at` is out of date. */
  readonly placement: Placement | undefined;
  readonly notBefore: number;
  /** What the server said. */
  readonly reason: string;
}

/** Servers that send a request on more often do not agree with each other yet. */
const quickAttempts = 5;
/** Before a server is asked again that takes no requests now. */
const pauseMs = 25;

/** Asks again for one client what was not executed, in order; nothing of it may be overtaken by what the client sends next. */
export class Redo {
  readonly #parts: SessionParts;
  readonly #cut: () => void;
  #items: Item[] = [];
  /** By home, what was sent again and has no reply. */
  readonly #sent = new Map<Home, Item>();
  #nextTurn = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param cut called when a client has got a part of a reply whose rest will not come */
  constructor(parts: SessionParts, cut: () => void) {
    this.#parts = parts;
    this.#cut = cut;
  }

  /** Whether a request is being asked again. */
  get isOpen(): boolean {
    this.#forgetSettled();
    return this.#items.length + this.#sent.size > 0;
  }

  /** Replies have come: what waited for them may go on. */
  look(): void {
    if (this.#items.length > 0) this.pump();
  }

  #forgetSettled(): void {
    if (this.#sent.size === 0) return;
    for (const home of this.#sent.keys()) if (home.isSettled) this.#sent.delete(home);
  }

  /** Requests of this home will have no replies: reads are asked again, for others nobody knows the outcome. */
  lost(home: Home, run: LostRun, loss: RunLoss): void {
    const { services } = this.#parts;
    home.changeBytes(run.start - run.end);
    if (!home.dropPartial()) {
      this.#cut();
      return;
    }
    const mayRepeat = isElsewhere(loss) && !run.isMuted && services.now() < run.deadline;
    const repeatable = mayRepeat ? Math.min(run.readsAtEnd, run.unanswered) : 0;
    const failed = run.unanswered - repeatable;
    const { reason, text } = lossError(loss);
    services.figures.countError(reason, failed);
    const requests = Array.from({ length: repeatable }, (_, index) =>
      run.requestAt(run.answered + failed + index),
    );
    for (let request = 0; request < failed; request++) home.give(text);
    let left: Home | undefined = home;
    for (const bytes of requests) {
      if (left === undefined) break;
      const { one, rest }: ReturnType<Home['single']> = left.single();
      this.#add(one, bytes, { run, redirect: { kind: 'again' }, reason: loss.detail });
      left = rest;
    }
    services.figures.repeated += repeatable;
    this.pump();
  }

  /** A server has answered an error: asks again if it says only where, or when. */
  refused(home: Home, run: Run, { text, freedBytes }: Refusal): boolean {
    const { nodes } = this.#parts.services.nodes.topology;
    const redirect = text === undefined ? this.#doubtful(home, run) : readRedirect(text, nodes);
    if (redirect === undefined) return false;
    this.note(redirect);
    const bytes = run.requestAt(run.answered);
    home.changeBytes(-freedBytes);
    const { one, rest } = home.single();
    if (rest !== undefined) run.target = rest;
    this.#add(one, bytes, { run, redirect, reason: text ?? 'it refuses writes' });
    // not before the link has counted this reply
    queueMicrotask(() => this.pump());
    return true;
  }

  /** A read that was answered behind a write that was not executed has not seen it: it is asked again as well. */
  #doubtful(home: Home, run: Run): Redirect | undefined {
    if (this.#sent.has(home)) return undefined;
    const request = readRequest(run.requestAt(run.answered), this.#parts.services.table);
    return request.described.isRead ? { kind: 'again' } : undefined;
  }

  /** What an error tells of where Redis is. */
  note(redirect: Redirect): void {
    const { nodes, figures } = this.#parts.services;
    if (redirect.kind === 'moved') {
      figures.redirects.moved++;
      nodes.moved(redirect.slot, redirect.address);
    } else if (redirect.kind === 'ask') figures.redirects.ask++;
    else if (redirect.kind === 'outage') nodes.hurry();
  }

  #add(
    home: Home,
    bytes: Buffer,
    why: {
      readonly run: Pick<Run, 'deadline'>;
      readonly redirect: Redirect;
      readonly reason: string;
    },
  ): void {
    const { nodes, now, limits, table } = this.#parts.services;
    const { redirect, reason } = why;
    const before = this.#sent.get(home);
    this.#sent.delete(home);
    const attempts = (before?.attempts ?? 0) + 1;
    const at = 'address' in redirect ? nodes.nodeAt(redirect.address) : undefined;
    const request = before?.request ?? readRequest(bytes, table);
    const turn = before?.turn ?? this.#nextTurn++;
    const behind = this.#items.findIndex((other) => other.turn > turn);
    this.#items.splice(behind < 0 ? this.#items.length : behind, 0, {
      home,
      turn,
      request,
      slot: firstSlot(request, nodes.topology.placement),
      deadline: why.run.deadline,
      holdUntil: before?.holdUntil ?? Math.min(why.run.deadline, now() + limits.holdMs),
      attempts,
      at,
      isAsking: redirect.kind === 'ask',
      placement: nodes.topology.placement,
      notBefore: at === undefined || attempts > quickAttempts ? now() + pauseMs : 0,
      reason,
    });
  }

  /** Sends what can be sent now, in order. */
  readonly pump = (): void => {
    this.#forgetSettled();
    for (let item = this.#items[0]; item !== undefined; item = this.#items[0]) {
      if (!this.#takeOn(item)) break;
      this.#items.shift();
    }
    this.#parts.sender.submit();
  };

  /** Sends it, or gives it up. False while it has to wait. */
  #takeOn(item: Item): boolean {
    const { services, sender } = this.#parts;
    const now = services.now();
    const patience = item.at === undefined ? 1 : quickAttempts;
    if (now >= item.deadline || (item.attempts > patience && now >= item.holdUntil)) {
      return this.#fail(item, item.reason);
    }
    // nothing may overtake what is asked again of the same keys
    if ([...this.#sent.values()].some(({ slot }) => slot === item.slot)) return false;
    if (now < item.notBefore) return this.#wait(item.notBefore - now);
    const { topology } = services.nodes;
    const isCurrent = item.isAsking || item.placement === topology.placement;
    const node = (isCurrent ? item.at : undefined) ?? this.#placeOf(item.request);
    if (node === undefined) {
      services.nodes.waitForChange(this.pump, item.holdUntil);
      return this.#wait(item.holdUntil - now);
    }
    const upstream = services.nodes.at(node);
    const link = sender.linkTo(upstream);
    if (link === undefined) return this.#awaitLink(item, upstream);
    this.#sent.set(item.home, item);
    const { request, deadline, isAsking, home } = item;
    const isRead = request.command.isRead;
    sender.sendAgain(link, home, { bytes: request.bytes, isRead, deadline, isAsking });
    return true;
  }

  #placeOf(request: Request): Node | undefined {
    const { services, state } = this.#parts;
    const { nodes } = services;
    const node = placeOf(request, nodes.topology, nodes.isUp);
    if (node === undefined || node === 'cross-slot') return undefined;
    return request.described.isForReplicas ? nodes.reads.nodeFor(node, state.id) : node;
  }

  #awaitLink(item: Item, upstream: Upstream): boolean {
    const { services, state } = this.#parts;
    const set = upstream.set(state.protocol, state.db);
    const now = services.now();
    if (set === undefined || (set.failure !== undefined && now >= item.holdUntil)) {
      return this.#fail(item, set?.latestFailure.text ?? item.reason);
    }
    services.nodes.waitForChange(this.pump, item.holdUntil);
    set.wait(this.pump, Math.min(item.deadline, item.holdUntil));
    return this.#wait(Math.max(pauseMs, item.holdUntil - now));
  }

  #fail({ home }: Item, reason: string): boolean {
    const { figures, nodes } = this.#parts.services;
    figures.countError('unavailable');
    const isAnswer = /^[A-Z]+ redis-ambassador: /.test(reason);
    home.give(isAnswer ? reason : unavailable(nodes.name, withoutAddress(reason)));
    queueMicrotask(() => home.flush());
    return true;
  }

  #wait(ms: number): false {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.pump, Math.max(1, ms)).unref();
    return false;
  }

  /** The client is gone. */
  close(): void {
    clearTimeout(this.#timer);
    this.#items = [];
    this.#sent.clear();
  }
}

function firstSlot(request: Request, placement: Placement | undefined): number {
  const [at] = keysOf(request);
  const key = at === undefined ? undefined : request.words[at];
  return key === undefined ? -1 : (placement?.slotOf(key, 0, key.length) ?? -1);
}
