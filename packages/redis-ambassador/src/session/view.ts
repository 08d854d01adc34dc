import { unavailable } from '../command/words.ts';
import type { ClientView, Obstacle } from '../decide/question.ts';
import type { Protocol } from '../resp/value.ts';
import type { Node } from '../topology/topology.ts';
import type { ClientState } from './client-state.ts';
import type { Dedicated } from './dedicated.ts';
import type { DedicatedHolder } from './dedicated-holder.ts';
import type { Output } from './output.ts';
import type { Sender } from './sender.ts';
import type { SessionServices } from './services.ts';

/** Unread bytes at which a client's requests wait, and so do replies that can. */
const unreadMarkBytes = 1024 * 1024;
/** The same while all clients together hold much memory. */
const scarceMarkBytes = 64 * 1024;

/** Parts of a client's session. */
export interface SessionParts {
  readonly state: ClientState;
  readonly services: SessionServices;
  readonly sender: Sender;
  readonly holder: DedicatedHolder;
  readonly output: Output;
}

/** Requests being retried. */
interface Redoing {
  readonly isOpen: boolean;
}

/** Shows the state of one client, from the parts of its session, to decisions. */
export class View implements ClientView {
  readonly parts: SessionParts;

  readonly #redo: Redoing;

  constructor(parts: SessionParts, redo: Redoing) {
    this.parts = parts;
    this.#redo = redo;
  }

  get isLoggedIn(): boolean {
    return this.parts.state.isLoggedIn;
  }

  get protocol(): Protocol {
    return this.parts.state.protocol;
  }

  /** Whether the client wants no reply to its next request. */
  get isMuted(): boolean {
    const { hasReplies, skips } = this.parts.state;
    return !hasReplies || skips > 0;
  }

  get isAnswered(): boolean {
    return this.parts.sender.inFlight === 0 && this.dedicated?.isAnswered !== false;
  }

  get isBehind(): boolean {
    return this.parts.output.waitingBytes > this.#unreadMarkBytes;
  }

  /** Tells whether it has read enough to go on. */
  get hasCaughtUp(): boolean {
    return this.parts.output.waitingBytes <= this.#unreadMarkBytes / 2;
  }

  get isRedirecting(): boolean {
    const { sender, services } = this.parts;
    return this.#redo.isOpen || sender.isOutOfPlace(services.nodes.topology.placement);
  }

  get isMultiOpen(): boolean {
    return this.parts.state.isMultiOpen;
  }

  get getsLargeReplies(): boolean {
    return this.parts.sender.largeReplies.isExpected;
  }

  get dedicated(): Dedicated | undefined {
    return this.parts.holder.current;
  }

  get dedicatedNode(): string | undefined {
    return this.parts.holder.node;
  }

  get dedicatedRefusal(): string | undefined {
    return this.parts.holder.refusal;
  }

  obstacleTo(node: Node, readAt: number): Obstacle | undefined {
    return this.parts.sender.obstacle(this.#upstream(node), readAt);
  }

  obstacleToDb(node: Node, db: number, readAt: number): Obstacle | undefined {
    return this.parts.sender.obstacleToDb(this.#upstream(node), db, readAt);
  }

  topologyRefusal(readAt: number, reason: string): string | undefined {
    const { nodes, limits, now } = this.parts.services;
    if (now() < readAt + limits.holdMs) return undefined;
    return unavailable(nodes.name, reason);
  }

  /** A client that watches keys, is subscribed or in a transaction reads from the primary. */
  readerOf(primary: Node): Node | undefined {
    const { services, state } = this.parts;
    return this.dedicated?.hasState ? primary : services.nodes.reads.nodeFor(primary, state.id);
  }

  isUp(node: Node): boolean {
    return this.parts.services.nodes.isUp(node);
  }

  isDescribed(node: Node): boolean {
    return this.#upstream(node).described !== undefined;
  }

  dedicatedOf(id: number): { readonly isBlocking: boolean; readonly remoteId: number } | undefined {
    const dedicated = this.parts.services.clients.get(id)?.dedicated;
    return dedicated && { isBlocking: dedicated.isBlocking, remoteId: dedicated.link.remoteId };
  }

  get #unreadMarkBytes(): number {
    const { memory, limits } = this.parts.services;
    const markBytes = memory.usedBytes > memory.maxBytes / 2 ? scarceMarkBytes : unreadMarkBytes;
    return Math.min(markBytes, limits.unreadBytes / 2);
  }

  #upstream(node: Node) {
    return this.parts.services.nodes.at(node);
  }
}
