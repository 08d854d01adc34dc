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
  readonly subcommands: ReadonlyMap<string, Command> | undefined;
}

/** Whether a request with this many arguments, its name among them, passes Redis' first check. */
export function hasRightArity(command: Command, argumentCount: number): boolean {
  return command.arity >= 0 ? argumentCount === command.arity : argumentCount >= -command.arity;
}
