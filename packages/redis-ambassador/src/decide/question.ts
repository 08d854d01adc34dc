import type { SubscriptionKind } from '../command/command.ts';
import type { Request } from '../command/request.ts';
import type { Protocol } from '../resp/value.ts';
import type { Node, Topology } from '../topology/topology.ts';
import type { Wait } from './action.ts';

/** Input of a decision: a client's next request, and its node. */
export interface Question {
  readonly request: Request;
  readonly client: ClientView;
  readonly node: Node;
  /** Time when the request was read. */
  readonly readAt: number;
  readonly topology: Topology;
}

/** Obstacle between a request and a connection: a wait, or an error to answer. */
export type Obstacle = Extract<Wait, 'window' | 'connection' | 'congestion'> | { readonly error: string };

/** State of a client, as far as decisions need it. */
export interface ClientView {
  readonly isLoggedIn: boolean;
  readonly protocol: Protocol;
  /** Whether all its requests are answered, and all its subscriptions confirmed. */
  readonly isAnswered: boolean;
  /** Whether it has too many unread replies and must read first. */
  readonly isBehind: boolean;
  /** Whether a request of it is being retried, so that no other may overtake it. */
  readonly isRedirecting: boolean;
  /** Whether it is in a transaction that no server knows yet. */
  readonly isMultiOpen: boolean;
  /** Whether its replies are too large for a shared connection. */
  readonly getsLargeReplies: boolean;
  readonly dedicated: DedicatedView | undefined;
  /** The id of the node of its dedicated connection. */
  readonly dedicatedNode: string | undefined;
  /** Error of a failed wait for a dedicated connection. */
  readonly dedicatedRefusal: string | undefined;
  /** Returns the obstacle between a request read at that time and a shared connection of the node. */
  obstacleTo(node: Node, readAt: number): Obstacle | undefined;
  /** Returns the obstacle between a request read at that time and this database of the node. */
  obstacleToDb(node: Node, db: number, readAt: number): Obstacle | undefined;
  /** Returns the error for a request read at that time that can no longer wait for a node. */
  topologyRefusal(readAt: number, reason: string): string | undefined;
  /** Returns the node to read this primary's data from; undefined while there is none. */
  readerOf(primary: Node): Node | undefined;
  /** Tells whether the node is up, as far as known. */
  isUp(node: Node): boolean;
  /** Tells whether the description of the node's server is known. */
  isDescribed(node: Node): boolean;
  /** Returns the dedicated connection of the client with this id, if any. */
  dedicatedOf(id: number): { readonly isBlocking: boolean; readonly remoteId: number } | undefined;
}

/** State of a dedicated connection. */
export interface DedicatedView {
  readonly isInTransaction: boolean;
  readonly isMonitoring: boolean;
  readonly isSubscribed: boolean;
  /** Whether a command that may block is pending. */
  readonly isBlocking: boolean;
  /** Whether confirmations of subscriptions are pending. */
  readonly isExpecting: boolean;
  readonly subscriptions: Readonly<Record<SubscriptionKind, number>>;
}
