import type { Merge } from '../command/command.ts';
import type { Request } from '../command/request.ts';
import type { ErrorReason, RejectReason } from '../figures.ts';
import type { Node } from '../topology/topology.ts';

/**
 * What a request can wait for: `replies` to all that its client has sent; to some of them (`window`); a shared
 * `connection` to the node, or to its database `db`; its `congestion` to end; the client as a `reader` of its
 * replies; a `dedicated` connection; what the `server` says of itself; another `topology`.
 */
export type Wait =
  | 'replies'
  | 'window'
  | 'connection'
  | 'congestion'
  | 'reader'
  | 'dedicated'
  | 'server'
  | 'topology';

/** What a request does to the dedicated connection that it is sent over. */
export type Effect =
  | 'none'
  | 'multi'
  | 'end-multi'
  | 'watch'
  | 'unwatch'
  | 'monitor'
  | 'pin'
  | 'learn'
  | 'block'
  | 'await-writes';

/** What is done with a request. It happens whole, but for `wait`, after which the request is decided about again. */
export type Action =
  | WaitFor
  /** Over a shared connection of this node. */
  | { readonly kind: 'pass'; readonly node: Node; readonly request: Request }
  /** In parts, each over a shared connection of its node; their replies become one. */
  | GatherAction
  /** `MULTI` is noted: the connection that it is sent over is that of the first key. */
  | { readonly kind: 'open-multi' }
  /** The end of a transaction without a command, with this reply. */
  | { readonly kind: 'close-multi'; readonly text: string }
  /** Over the dedicated connection that the client has. */
  | DedicatedAction
  /** Over the dedicated connection, which confirms so many subscriptions. */
  | { readonly kind: 'subscribe'; readonly confirmations: number }
  /** Over the dedicated connection, where the reply comes among messages. */
  | { readonly kind: 'raw' }
  /** About the client's connection, answered here. */
  | { readonly kind: 'answer' }
  /** A reply of Redis, word for word. */
  | { readonly kind: 'reply'; readonly text: string }
  | Refuse
  /** The connection ends at once. */
  | { readonly kind: 'cut'; readonly reason: RejectReason };

/** Leaves a request where it is until this has come. */
export interface WaitFor {
  readonly kind: 'wait';
  readonly for: Wait;
  readonly node: Node;
  /** Of the connection, if not the client's own. */
  readonly db?: number;
}

/** Sends the parts of a request. */
export interface GatherAction {
  readonly kind: 'gather';
  readonly request: Request;
  readonly parts: readonly Part[];
  /** How their replies become one. */
  readonly merge: Merge | 'scan';
}

/** A part of a request, and where it goes. */
export interface Part {
  readonly node: Node;
  readonly request: Request;
  /** By key of this part its place among the keys of the whole, where that matters. */
  readonly places?: readonly number[];
}

/** Sends a request over the client's dedicated connection. */
export interface DedicatedAction {
  readonly kind: 'dedicated';
  readonly request: Request;
  readonly effect: Effect;
  /** How long it may block. */
  readonly blocksForMs: number;
  /** The client's database from then on. */
  readonly db?: number;
  /** Whether the `MULTI` that was noted goes first. */
  readonly hasMulti?: boolean;
}

/** Gives an error of the ambassador, which is counted. */
export interface Refuse {
  readonly kind: 'refuse';
  readonly reason: ErrorReason;
  readonly text: string;
  /** Whether the client's connection ends after it. */
  readonly isLast: boolean;
}
