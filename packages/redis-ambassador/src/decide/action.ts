import type { Merge } from '../command/command.ts';
import type { Request } from '../command/request.ts';
import type { ErrorReason, RejectReason } from '../figures.ts';
import type { Node } from '../topology/topology.ts';

/**
 * Causes for a request to wait: pending `replies` of its client; some of them (`window`); a shared
 * `connection` to the node, or to its database `db`; the end of its `congestion`; the client as a `reader` of its
 * replies; a `dedicated` connection; the `server`'s description of itself; another `topology`.
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

/** Effect of a request on its dedicated connection. */
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

/** Action for a request. It is final, except for `wait`: afterwards the request is decided again. */
export type Action =
  | WaitFor
  /** Sent over a shared connection of this node. */
  | { readonly kind: 'pass'; readonly node: Node; readonly request: Request }
  /** Sent in parts, each over a shared connection of its node; their replies are merged. */
  | GatherAction
  /** `MULTI` is deferred until the first key decides its connection. */
  | { readonly kind: 'open-multi' }
  /** Ends a transaction without commands, with this reply. */
  | { readonly kind: 'close-multi'; readonly text: string }
  /** Sent over the client's existing dedicated connection. */
  | DedicatedAction
  /** Sent over the dedicated connection, which confirms this many subscriptions. */
  | { readonly kind: 'subscribe'; readonly confirmations: number }
  /** Sent over the dedicated connection; the reply comes among messages. */
  | { readonly kind: 'raw' }
  /** Concerns the client's connection; answered by the ambassador. */
  | { readonly kind: 'answer' }
  /** A reply of Redis, verbatim. */
  | { readonly kind: 'reply'; readonly text: string }
  | Refuse
  /** The connection ends at once. */
  | { readonly kind: 'cut'; readonly reason: RejectReason };

/** Leaves a request in the intake until its wait is over. */
export interface WaitFor {
  readonly kind: 'wait';
  readonly for: Wait;
  readonly node: Node;
  /** Database of the connection, if not the client's own. */
  readonly db?: number;
}

/** Sends the parts of a request. */
export interface GatherAction {
  readonly kind: 'gather';
  readonly request: Request;
  readonly parts: readonly Part[];
  /** Way to merge their replies. */
  readonly merge: Merge | 'scan';
}

/** A part of a request, and its node. */
export interface Part {
  readonly node: Node;
  readonly request: Request;
  /** Position of each key of this part in the whole request, if it matters. */
  readonly places?: readonly number[];
}

/** Sends a request over the client's dedicated connection. */
export interface DedicatedAction {
  readonly kind: 'dedicated';
  readonly request: Request;
  readonly effect: Effect;
  /** Maximum blocking time. */
  readonly blocksForMs: number;
  /** The client's database from now on. */
  readonly db?: number;
  /** Whether the deferred `MULTI` goes first. */
  readonly hasMulti?: boolean;
}

/** Answers with an error of the ambassador, which is counted. */
export interface Refuse {
  readonly kind: 'refuse';
  readonly reason: ErrorReason;
  readonly text: string;
  /** Whether the client's connection is closed afterwards. */
  readonly isLast: boolean;
}
