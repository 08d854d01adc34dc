/**
 * What a command does beyond asking one server for something, which is `plain`:
 * - `prefix`: it is about the client's next command, so no other may come between the two
 * - `here`, `hello`, `select`, `quit`, `reset`: it is about the connection to the ambassador, which answers it
 * - `unblock`, `track`: it names another client by the ambassador's id, which Redis does not know
 * - `multi`, `watch`, `subscribe`, `monitor`: a dedicated connection for as long as this lasts
 * - `unwatch`: ends what `watch` has begun
 * - `block`: a dedicated connection for this command, if its arguments let it block
 * - `await-writes`: the same, and it is about all that was written before
 * - `dedicated`: a dedicated connection for this command, whatever its arguments
 * - `pin`: it changes the connection for good: a dedicated one for good
 * - `refuse`: it would turn the connection into something other than requests and replies
 * - `denied`: the operator does not want it
 * - `intruder`: no Redis client sends it; a browser made to talk to Redis does
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
/** One of them. */
export type Deed = (typeof deeds)[number];

/**
 * What becomes of a command between MULTI and EXEC: Redis queues it (`queue`); that also ends the transaction
 * (`end`), will change what others see of the connection (`learn`), or the connection for good (`pin`); or its
 * effect could not be followed (`refuse`).
 */
export const inMultiDeeds = ['queue', 'end', 'learn', 'pin', 'refuse'] as const;
/** One of them. */
export type InMultiDeed = (typeof inMultiDeeds)[number];

/** What can be subscribed to: `SUBSCRIBE`, `PSUBSCRIBE`, `SSUBSCRIBE`. */
export const subscriptionKinds = ['channel', 'pattern', 'shard'] as const;
/** One of them. */
export type SubscriptionKind = (typeof subscriptionKinds)[number];

/**
 * Where a command goes when keys lie on several servers:
 * - `key`: to the server of its keys, which must be one
 * - `split`: to the servers of its keys, each with those it has
 * - `all`: to every server that has keys
 * - `scan`: to one server after the other, with a cursor of the ambassador's
 * - `any`: to one server, whichever
 * - `refused`: nowhere, as it is about one server, or one connection to it
 * - `no-cluster`: nowhere: a client has to see one Redis, and that is no Cluster
 */
export const routes = ['key', 'split', 'all', 'scan', 'any', 'refused', 'no-cluster'] as const;
/** One of them. */
export type Route = (typeof routes)[number];

/**
 * How the replies of several servers become one: `sum` of numbers, the `least` of each, `ok` when all agree, `any-ok`
 * when one does, a `list` of all elements (by the places of their keys if it was split), a `set`, a list of `pairs`
 * of names and numbers, `one` of them. Of a single reply `info` and `role` leave out where other servers are.
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
/** One of them. */
export type Merge = (typeof merges)[number];

/**
 * Where keys are that the first, last and step of a row do not tell: behind a number of them, behind `STREAMS`, or
 * behind `STORE`.
 */
export type MovableKeys =
  | { readonly kind: 'count'; readonly at: number; readonly step: number }
  | { readonly kind: 'streams' }
  | { readonly kind: 'store' };

/** Where a command says how long it may block: in the option BLOCK, or at an index, which counts from the end if negative. */
export type BlockingTime = 'option' | { readonly at: number; readonly unitMs: number };

/** What is known of a command. Of one that the table does not have, only the name is. */
export interface Command {
  /** In lower case; of a subcommand `client|id`, as Redis writes it. */
  readonly name: string;
  /** Redis' own grouping, for figures: `string`, `list`, …; `other` for a command that is not in the table. */
  readonly family: string;
  /** Index of the family in `families`. */
  readonly familyIndex: number;
  /** Number of arguments with the name; a negative one is the least number. */
  readonly arity: number;
  /** Never changes data, so it may be sent again when its reply was lost. */
  readonly isRead: boolean;
  readonly isWrite: boolean;
  /** Whether a replica may be asked: it reads what is in keys, alone, and needs no state of the server that was asked before. */
  readonly isForReplicas: boolean;
  /** Whether a client may ask for it that has not logged in. */
  readonly isBeforeLogin: boolean;
  readonly does: Deed;
  readonly inMulti: InMultiDeed;
  /** Whether it does nothing but `plain`, whatever its subcommand. */
  readonly isPlain: boolean;
  /** Of `subscribe`. */
  readonly subscribesTo: SubscriptionKind;
  /** Of `block` and `await-writes`. */
  readonly blockingTime: BlockingTime;
  /** Positions of its keys: first, last (negative: from the end), step; 0 0 0 for none. */
  readonly keys: readonly [first: number, last: number, step: number];
  /** Whether it has further keys, whose place depends on other arguments. */
  readonly hasMovableKeys: boolean;
  /** How to find those. */
  readonly movableKeys: MovableKeys | undefined;
  /** Whether its first argument is its one key, whatever follows. */
  readonly isOfOneKey: boolean;
  readonly route: Route;
  /** Of `split`, `all` and some of `any`. */
  readonly merge: Merge | undefined;
  readonly subcommands: ReadonlyMap<string, Command> | undefined;
}

/** Whether a request with this many arguments, its name among them, passes Redis' first check. */
export function hasRightArity(command: Command, argumentCount: number): boolean {
  return command.arity >= 0 ? argumentCount === command.arity : argumentCount >= -command.arity;
}
