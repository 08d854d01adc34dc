/**
 * Where a command goes.
 * - `shared`: over a link that many clients use
 * - `local`: it is about the client's connection to the ambassador, which answers it
 * - `transaction`, `subscription`, `monitor`: the client gets a link of its own for as long as this lasts
 * - `blocking`: a link of its own for this one command, if its arguments let it block
 * - `alone`: a link of its own for this one command, whatever its arguments
 * - `pinned`: it changes the connection in a way that cannot be undone: a link of its own for good
 * - `refused`: it would turn the connection into something else than requests and replies
 * - `parent`: where depends on the subcommand
 * - `intruder`: no Redis client sends it; a browser made to talk to Redis does
 */
export type Route =
  | 'shared'
  | 'local'
  | 'transaction'
  | 'subscription'
  | 'monitor'
  | 'blocking'
  | 'alone'
  | 'pinned'
  | 'refused'
  | 'parent'
  | 'intruder';

const byRoute = {
  local: ['auth', 'client', 'hello', 'quit', 'reset', 'select'],
  transaction: ['multi', 'watch'],
  subscription: ['psubscribe', 'punsubscribe', 'ssubscribe', 'subscribe', 'sunsubscribe', 'unsubscribe'],
  monitor: ['monitor'],
  blocking: [
    'blmove',
    'blmpop',
    'blpop',
    'brpop',
    'brpoplpush',
    'bzmpop',
    'bzpopmax',
    'bzpopmin',
    'wait',
    'waitaof',
    'xread',
    'xreadgroup',
  ],
  // DEBUG may sleep, and its replies may be pushes
  alone: ['debug'],
  pinned: ['asking', 'readonly', 'readwrite'],
  refused: ['psync', 'replconf', 'script|debug', 'sync'],
  intruder: ['host:', 'post'],
} as const satisfies Partial<Record<Route, readonly string[]>>;

/** The route of every command, and subcommand (`script|debug`), that is not `shared`. */
export const routes: ReadonlyMap<string, Route> = new Map(
  // Object.entries forgets that the keys are those of the object
  Object.entries(byRoute).flatMap(([route, names]) => names.map((name) => [name, route as Route] as const)),
);
