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

/** A request that was not executed, or changes nothing, and is retried. */
interface Item {
  readonly home: Home;
  /** Its position among retried requests. */
  readonly turn: number;
  readonly request: Request;
  /** Slot of its first key. */
  readonly slot: number;
  readonly deadline: number;
  /** Deadline for a server that accepts it. */
  readonly holdUntil: number;
  readonly attempts: number;
  /** Node to ask, if not the one of its keys. */
  readonly at: Node | undefined;
  readonly isAsking: boolean;
  /** Node of its keys when it was refused: after a change, `at` is outdated. */
  readonly placement: Placement | undefined;
  readonly notBefore: number;
  /** The server's reason. */
  readonly reason: string;
}

/** Maximum redirects; more mean that servers disagree. */
const quickAttempts = 5;
/** Wait before the next try at a server that takes no requests now. */
const pauseMs = 25;

/** Retries a client's unexecuted requests in order; its next requests must not overtake them. */
export class Redo {
  readonly #parts: SessionParts;
  readonly #cut: () => void;
  #items: Item[] = [];
  /** Pending retries by home. */
  readonly #sent = new Map<Home, Item>();
  #nextTurn = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param cut called when a client has got part of a reply whose rest will not come */
  constructor(parts: SessionParts, cut: () => void) {
    this.#parts = parts;
    this.#cut = cut;
  }

  /** Whether a request is being retried. */
  get isOpen(): boolean {
    this.#forgetSettled();
    return this.#items.length + this.#sent.size > 0;
  }

  /** Continues after replies. */
  look(): void {
    if (this.#items.length > 0) this.pump();
  }

  #forgetSettled(): void {
    if (this.#sent.size === 0) return;
    for (const home of this.#sent.keys()) if (home.isSettled) this.#sent.delete(home);
  }

  /** Handles lost requests of a home: reads are retried; for others the outcome is unknown. */
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

  /** Handles an error reply: retries if it only says where, or when. */
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
    // only after the link has counted this reply
    queueMicrotask(() => this.pump());
    return true;
  }

  /** Retries reads answered behind an unexecuted write, because they have not seen it. */
  #doubtful(home: Home, run: Run): Redirect | undefined {
    if (this.#sent.has(home)) return undefined;
    const request = readRequest(run.requestAt(run.answered), this.#parts.services.table);
    return request.described.isRead ? { kind: 'again' } : undefined;
  }

  /** Learns the topology from an error. */
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

  /** Sends all retries that can be sent now, in order. */
  readonly pump = (): void => {
    this.#forgetSettled();
    for (let item = this.#items[0]; item !== undefined; item = this.#items[0]) {
      if (!this.#takeOn(item)) break;
      this.#items.shift();
    }
    this.#parts.sender.submit();
  };

  /** Sends a retry, or fails it. False while it must wait. */
  #takeOn(item: Item): boolean {
    const { services, sender } = this.#parts;
    const now = services.now();
    const patience = item.at === undefined ? 1 : quickAttempts;
    if (now >= item.deadline || (item.attempts > patience && now >= item.holdUntil)) {
      return this.#fail(item, item.reason);
    }
    // nothing may overtake a retry about the same keys
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

  /** Drops all state of a disconnected client. */
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
