/**
 * Treatment of a command; `plain` is a request to a single server:
 * - `prefix`: affects the client's next command, so no other may come between the two
 * - `here`, `hello`, `select`, `quit`, `reset`: concerns the connection to the ambassador, which answers it
 * - `unblock`, `track`: names another client by the ambassador's id, which Redis does not know
 * - `multi`, `watch`, `subscribe`, `monitor`: needs a dedicated connection while this state lasts
 * - `unwatch`: ends the state that `watch` began
 * - `block`: needs a dedicated connection for this command, if its arguments let it block
 * - `await-writes`: likewise, and concerns all earlier writes
 * - `dedicated`: always needs a dedicated connection for this command
 * - `pin`: changes the connection for good, so it stays dedicated
 * - `refuse`: would turn the connection into something other than requests and replies
 * - `denied`: refused by the operator
 * - `intruder`: sent by no Redis client, but by a browser tricked into talking to Redis
 */
export const deeds = [
  'plain',
  'prefix',
  'here',
  'hello',
  'select',
  'quit',
  'reset',
  'unblock',
  'track',
  'multi',
  'watch',
  'unwatch',
  'subscribe',
  'monitor',
  'block',
  'await-writes',
  'dedicated',
  'pin',
  'refuse',
  'denied',
  'intruder',
] as const;
/** Element of `deeds`. */
export type Deed = (typeof deeds)[number];

/**
 * Effect of a command between MULTI and EXEC: Redis queues it (`queue`); it also ends the transaction
 * (`end`), changes the visible state of the connection (`learn`), or the connection for good (`pin`); or its
 * effect could not be tracked (`refuse`).
 */
export const inMultiDeeds = ['queue', 'end', 'learn', 'pin', 'refuse'] as const;
/** Element of `inMultiDeeds`. */
export type InMultiDeed = (typeof inMultiDeeds)[number];

/** Kinds of subscription: `SUBSCRIBE`, `PSUBSCRIBE`, `SSUBSCRIBE`. */
export const subscriptionKinds = ['channel', 'pattern', 'shard'] as const;
/** Element of `subscriptionKinds`. */
export type SubscriptionKind = (typeof subscriptionKinds)[number];

/**
 * Routes of commands when keys are on several servers:
 * - `key`: to the server that has all its keys
 * - `split`: to the servers of its keys, each with its own keys
 * - `all`: to every server that has keys
 * - `scan`: to one server after another, with the ambassador's own cursor
 * - `any`: to any one server
 * - `refused`: nowhere, as it concerns a single server, or a single connection to it
 * - `no-cluster`: nowhere, as clients see a single Redis without Cluster support
 */
export const routes = ['key', 'split', 'all', 'scan', 'any', 'refused', 'no-cluster'] as const;
/** Element of `routes`. */
export type Route = (typeof routes)[number];

/**
 * Ways to merge the replies of several servers: `sum` of numbers, the `least` of each, `ok` when all agree, `any-ok`
 * when one does, a `list` of all elements (in the order of their keys if it was split), a `set`, a list of `pairs`
 * of names and numbers, or `one` of them. `info` and `role` remove the addresses of other servers from a single reply.
 */
export const merges = [
  'ok',
  'any-ok',
  'sum',
  'least',
  'list',
  'set',
  'pairs',
  'one',
  'info',
  'role',
] as const;
/** Element of `merges`. */
export type Merge = (typeof merges)[number];

/**
 * Location of keys that first, last and step of a row do not give: after their count, after `STREAMS`, or
 * after `STORE`.
 */
export type MovableKeys =
  | { readonly kind: 'count'; readonly at: number; readonly step: number }
  | { readonly kind: 'streams' }
  | { readonly kind: 'store' };

/** Location of a command's blocking time: the option BLOCK, or an index, which counts from the end if negative. */
export type BlockingTime = 'option' | { readonly at: number; readonly unitMs: number };

/** Description of a command; of an unknown one only the name is known. */
export interface Command {
  /** In lower case; a subcommand is `client|id`, as Redis writes it. */
  readonly name: string;
  /** Redis' own grouping, for figures: `string`, `list`, …; `other` for a command that is not in the table. */
  readonly family: string;
  /** Index of the family in `families`. */
  readonly familyIndex: number;
  /** Number of arguments including the name; if negative, its absolute value is the minimum. */
  readonly arity: number;
  /** Never changes data, so it may be retried when its reply was lost. */
  readonly isRead: boolean;
  readonly isWrite: boolean;
  /** Whether a replica may answer: the command only reads the content of keys and needs no server state. */
  readonly isForReplicas: boolean;
  /** Whether a client may send it before its login. */
  readonly isBeforeLogin: boolean;
  readonly does: Deed;
  readonly inMulti: InMultiDeed;
  /** Whether the command and all its subcommands are `plain`. */
  readonly isPlain: boolean;
  /** For `subscribe`. */
  readonly subscribesTo: SubscriptionKind;
  /** For `block` and `await-writes`. */
  readonly blockingTime: BlockingTime;
  /** Positions of its keys: first, last (negative: from the end), step; 0 0 0 for none. */
  readonly keys: readonly [first: number, last: number, step: number];
  /** Whether it has more keys, at positions that depend on other arguments. */
  readonly hasMovableKeys: boolean;
  /** Location of those keys. */
  readonly movableKeys: MovableKeys | undefined;
  /** Whether its first argument is always its only key. */
  readonly isOfOneKey: boolean;
  readonly route: Route;
  /** For `split`, `all` and some of `any`. */
  readonly merge: Merge | undefined;
  readonly subcommands: ReadonlyMap<string, Command> | undefined;
}

/** Tells whether a request with this many arguments, including the name, passes Redis' arity check. */
export function hasRightArity(command: Command, argumentCount: number): boolean {
  return command.arity >= 0 ? argumentCount === command.arity : argumentCount >= -command.arity;
}
