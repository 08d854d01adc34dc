import type { SubscriptionKind } from '../command/command.ts';
import type { Request } from '../command/request.ts';
import type { Protocol } from '../resp/value.ts';
import type { Node, Topology } from '../topology/topology.ts';
import type { Wait } from './action.ts';

/** What is decided about: a client's next request, and the node that it goes to. */
export interface Question {
  readonly request: Request;
  readonly client: ClientView;
  readonly node: Node;
  /** When the request was read. */
  readonly readAt: number;
  readonly topology: Topology;
}

/** What stands between a request and a connection: something to wait for, or the error to give. */
export type Obstacle = Extract<Wait, 'window' | 'connection' | 'congestion'> | { readonly error: string };

/** What is known of a client when it is decided about its next request. */
export interface ClientView {
  readonly isLoggedIn: boolean;
  readonly protocol: Protocol;
  /** Whether all that it has sent is answered, and confirmed. */
  readonly isAnswered: boolean;
  /** Whether so many replies wait for it to read them that it has to do so first. */
  readonly isBehind: boolean;
  /** Whether a request of it is being sent again, so that no other may overtake it. */
  readonly isRedirecting: boolean;
  /** Whether it is in a transaction that no server knows of yet. */
  readonly isMultiOpen: boolean;
  /** Whether its replies are too large for a shared connection. */
  readonly getsLargeReplies: boolean;
  readonly dedicated: DedicatedView | undefined;
  /** The id of the node that this goes to. */
  readonly dedicatedNode: string | undefined;
  /** Why it cannot have the dedicated connection that it has waited for. */
  readonly dedicatedRefusal: string | undefined;
  /** What keeps a request that was read then from a shared connection of the node. */
  obstacleTo(node: Node, readAt: number): Obstacle | undefined;
  /** What keeps a request that was read then from using this database of the node. */
  obstacleToDb(node: Node, db: number, readAt: number): Obstacle | undefined;
  /** Why a request that was read then can no longer wait for a node. */
  topologyRefusal(readAt: number, reason: string): string | undefined;
  /** Where it reads what this primary has; undefined while that is nowhere. */
  readerOf(primary: Node): Node | undefined;
  /** Whether the node is there, as far as is known. */
  isUp(node: Node): boolean;
  /** Whether it can be told what the node's server says of itself. */
  isDescribed(node: Node): boolean;
  /** The dedicated connection of the client with this id, if there is one. */
  dedicatedOf(id: number): { readonly isBlocking: boolean; readonly remoteId: number } | undefined;
}

/** The state of a dedicated connection. */
export interface DedicatedView {
  readonly isInTransaction: boolean;
  readonly isMonitoring: boolean;
  readonly isSubscribed: boolean;
  /** Whether a command that may block has no reply. */
  readonly isBlocking: boolean;
  /** Whether confirmations of subscriptions have not come. */
  readonly isExpecting: boolean;
  readonly subscriptions: Readonly<Record<SubscriptionKind, number>>;
}
