import { describe, expect, it } from 'vitest';
import { clientWith, dedicatedWith, requestOf, summaryOf, topology } from '../../test/support/decisions.ts';
import type { Command, Deed } from '../command/command.ts';
import { allCommands } from '../command/command-table.ts';
import { decide } from './decide.ts';
import type { ClientView } from './question.ts';

const error = '-LOADING away\r\n';
const failed = { obstacleTo: () => ({ error }), obstacleToDb: () => ({ error }) };

/** States of a client: the columns of the table. */
const states = {
  new: clientWith(),
  /** Has pending requests. */
  pending: clientWith({ isAnswered: false }),
  /** Has a dedicated connection: it watches keys, or keeps the connection for good. */
  kept: clientWith({ dedicated: dedicatedWith() }),
  keptPending: clientWith({ dedicated: dedicatedWith(), isAnswered: false }),
  /** Is subscribed, in RESP2 and in RESP3. */
  listens: clientWith({ dedicated: dedicatedWith({ isSubscribed: true }) }),
  listens3: clientWith({ dedicated: dedicatedWith({ isSubscribed: true }), protocol: 3 }),
  monitors: clientWith({ dedicated: dedicatedWith({ isMonitoring: true }) }),
  /** Waits for the confirmation of a subscription. */
  unconfirmed: clientWith({ dedicated: dedicatedWith({ isExpecting: true }), isAnswered: false }),
  /** Has a blocked command. */
  blocks: clientWith({ dedicated: dedicatedWith({ isBlocking: true }), isAnswered: false }),
  /** Redis is down; `failed` means for too long. */
  away: clientWith({ obstacleTo: () => 'connection', obstacleToDb: () => 'connection' }),
  failed: clientWith(failed),
  failedPending: clientWith({ ...failed, isAnswered: false }),
  /** Its window is full; Redis does not keep up; or the client does not read its replies. */
  full: clientWith({ obstacleTo: () => 'window' }),
  congested: clientWith({ obstacleTo: () => 'congestion' }),
  behind: clientWith({ isBehind: true }),
  keptBehind: clientWith({ dedicated: dedicatedWith(), isBehind: true }),
  /** Its replies are too large for a shared connection. */
  large: clientWith({ getsLargeReplies: true }),
  largePending: clientWith({ getsLargeReplies: true, isAnswered: false }),
  /** Waited for a dedicated connection without success. */
  refused: clientWith({ dedicatedRefusal: error }),
} as const satisfies Readonly<Record<string, ClientView>>;

type State = keyof typeof states;

/** Action for a command that needs a dedicated connection while the client has none. */
const none = {
  new: 'wait:dedicated',
  pending: 'wait:replies',
  keptPending: 'wait:replies',
  listens: 'raw',
  monitors: 'raw',
  unconfirmed: 'wait:replies',
  blocks: 'wait:replies',
  away: 'wait:connection',
  failed: 'refuse:unavailable',
  failedPending: 'wait:replies',
  full: 'wait:dedicated',
  congested: 'wait:dedicated',
  behind: 'wait:dedicated',
  keptBehind: 'wait:reader',
  large: 'wait:dedicated',
  largePending: 'wait:replies',
  refused: 'refuse:unavailable',
} as const;

/** Action in every state, once all requests are answered, unless the client is subscribed. */
const alike = (what: string) => ({
  ...every(what),
  pending: 'wait:replies',
  keptPending: 'wait:replies',
  keptBehind: 'wait:reader',
  largePending: 'wait:replies',
  unconfirmed: 'wait:replies',
  blocks: 'wait:replies',
  failedPending: 'wait:replies',
  listens: 'raw',
  monitors: 'raw',
});
const every = (what: string) =>
  // `fromEntries` loses the type of the keys
  Object.fromEntries(Object.keys(states).map((state) => [state, what])) as Record<State, string>;
const over = (what: string) => ({ ...none, kept: what, listens3: what });

const passedOn = {
  new: 'pass',
  pending: 'pass',
  kept: 'dedicated',
  keptPending: 'dedicated',
  listens: 'raw',
  listens3: 'dedicated',
  monitors: 'raw',
  unconfirmed: 'wait:replies',
  blocks: 'wait:replies',
  away: 'wait:connection',
  failed: 'refuse:unavailable',
  failedPending: 'wait:replies',
  full: 'wait:window',
  congested: 'wait:congestion',
  behind: 'wait:reader',
  keptBehind: 'wait:reader',
  large: 'wait:dedicated',
  largePending: 'wait:replies',
  refused: 'pass',
} as const;

/** Action for a command in each state. */
const expected: Readonly<Record<Deed, Readonly<Record<State, string>>>> = {
  plain: passedOn,
  prefix: passedOn,
  unwatch: {
    ...passedOn,
    kept: 'dedicated:unwatch',
    keptPending: 'dedicated:unwatch',
    listens3: 'dedicated:unwatch',
  },
  here: alike('answer'),
  hello: alike('answer'),
  select: {
    ...alike('answer'),
    kept: 'dedicated:pin',
    listens3: 'dedicated:pin',
    away: 'wait:connection',
    failed: 'reply',
  },
  quit: { ...alike('answer'), listens: 'answer', monitors: 'answer', keptBehind: 'answer' },
  reset: { ...alike('answer'), listens: 'answer', monitors: 'answer', keptBehind: 'answer' },
  unblock: alike('reply'),
  track: over('dedicated:pin'),
  multi: {
    ...over('dedicated:multi'),
    failed: 'refuse:unavailable!',
    refused: 'refuse:unavailable!',
  },
  watch: over('dedicated:watch'),
  subscribe: { ...over('subscribe'), listens: 'subscribe', monitors: 'subscribe' },
  monitor: over('dedicated:monitor'),
  block: over('dedicated:block'),
  'await-writes': over('dedicated:await-writes'),
  dedicated: over('dedicated'),
  pin: over('dedicated:pin'),
  refuse: alike('refuse:refused'),
  denied: {
    ...every('refuse:denied'),
    pending: 'wait:replies',
    keptPending: 'wait:replies',
    largePending: 'wait:replies',
    unconfirmed: 'wait:replies',
    blocks: 'wait:replies',
    failedPending: 'wait:replies',
  },
  intruder: every('cut:intruder'),
};

/** A request of each command with enough arguments, which blocks if it can. */
function lineOf({ name, arity }: Command): string {
  if (name === 'xread') return 'XREAD BLOCK 100 STREAMS x $';
  if (name === 'xreadgroup') return 'XREADGROUP GROUP g c BLOCK 100 STREAMS x >';
  const words = name.split('|');
  while (words.length < Math.abs(arity)) words.push('1');
  return words.join(' ');
}

const all = [...allCommands()].flatMap((command) => [command, ...(command.subcommands?.values() ?? [])]);

/** Decides twice and expects the same result, because deciding has no side effects. */
function decideTwice(line: string, client: ClientView): string {
  const first = decide(requestOf(line), client, topology);
  expect(decide(requestOf(line), client, topology)).toEqual(first);
  return summaryOf(first);
}

describe('every command in every state of a client', () => {
  it.each(all.map((command) => [command.name, command] as const))('%s', (_, command) => {
    const line = lineOf(command);
    const done = Object.fromEntries(
      Object.entries(states).map(([state, client]) => [state, decideTwice(line, client)]),
    );
    expect(done).toEqual(
      Object.fromEntries(Object.keys(states).map((state) => [state, rowOf(command, state)])),
    );
  });

  // the parameter is a key of `states`
  const rowOf = ({ does }: Command, state: string) => expected[does][state as State];

  it.each(all.map((command) => [command.name, command] as const))('%s, before the login', (_, command) => {
    const anonymous = clientWith({ isLoggedIn: false });
    const isAllowed = ['auth', 'hello', 'quit', 'reset'].includes(command.name);
    const allowed = command.does === 'intruder' ? 'cut:intruder' : 'refuse:auth';
    expect(decideTwice(lineOf(command), anonymous)).toBe(isAllowed ? 'answer' : allowed);
    const pending = decideTwice(lineOf(command), { ...anonymous, isAnswered: false });
    expect(pending).toBe(command.does === 'intruder' ? 'cut:intruder' : 'wait:replies');
  });

  const inMulti = {
    queue: 'dedicated',
    end: 'dedicated:end-multi',
    learn: 'dedicated:learn',
    pin: 'dedicated:pin',
    refuse: 'refuse:refused!',
  };
  const alsoInMulti = new Map([
    ['quit', 'answer'],
    ['reset', 'answer'],
    ['host:', 'cut:intruder'],
    ['post', 'cut:intruder'],
  ]);

  it.each(all.map((command) => [command.name, command] as const))('%s, within MULTI', (name, command) => {
    const client = clientWith({ dedicated: dedicatedWith({ isInTransaction: true }) });
    const done = alsoInMulti.get(name) ?? inMulti[command.inMulti];
    expect(decideTwice(lineOf(command), client)).toBe(done);
    const pending = decideTwice(lineOf(command), { ...client, isAnswered: false });
    expect(pending).toBe(/^(refuse|answer)/.test(done) ? 'wait:replies' : done);
  });
});

describe('decide', () => {
  const kept = clientWith({ dedicated: dedicatedWith() });
  const transaction = clientWith({ dedicated: dedicatedWith({ isInTransaction: true }) });

  it.each([
    // Redis itself rejects a wrong number of arguments
    ['AUTH', states.new, 'reply'],
    ['HELLO', states.new, 'answer'],
    ['SELECT', states.new, 'reply'],
    ['RESET x', states.new, 'reply'],
    ['RESET x', transaction, 'dedicated'],
    ['QUIT x y', states.new, 'answer'],
    ['CLIENT ID x', states.new, 'reply'],
    ['CLIENT TRACKING', states.new, 'reply'],
    ['SUBSCRIBE', states.new, 'reply'],
    ['SUBSCRIBE', states.listens, 'reply'],
    ['MULTI x', states.new, 'pass'],
    ['WATCH', states.new, 'pass'],
    ['MONITOR x', states.new, 'pass'],
    ['MONITOR x', kept, 'dedicated'],
    ['READONLY x', states.new, 'pass'],
    ['EXEC x', transaction, 'dedicated'],
    ['DISCARD x', transaction, 'dedicated'],
    // Redis itself answers unknown commands
    ['NOSUCH a b', states.new, 'pass'],
    ['NOSUCH a b', states.listens, 'raw'],
    ['NOSUCH a b', transaction, 'dedicated'],
    ['CLIENT', states.new, 'pass'],
    ['CLIENT NOSUCH', states.new, 'pass'],
    ['CLIENT NOSUCH', kept, 'dedicated'],
    ['CLIENT NOSUCH', transaction, 'dedicated:pin'],
    ['CONFIG GET x', states.new, 'pass'],
    // in any case
    ['blpop q 0', states.new, 'wait:dedicated'],
    ['cLiEnT iD', states.new, 'answer'],
    // a command that does not block needs no dedicated connection
    ['BLPOP q -1', states.new, 'pass'],
    ['XREAD STREAMS x 0', states.new, 'pass'],
    ['XREAD STREAMS x 0', kept, 'dedicated'],
    ['XREAD STREAMS x 0', states.pending, 'wait:replies'],
    // the server has not reported its role yet
    ['HELLO 3', clientWith({ isDescribed: () => false }), 'wait:server'],
    ['PING', clientWith({ isDescribed: () => false }), 'pass'],
  ])('decides about %s (row %#)', (line, client, done) => {
    expect(decideTwice(line, client)).toBe(done);
  });

  it.each([
    ['BLPOP q 1.5', 1500],
    ['BLPOP q 0', Number.POSITIVE_INFINITY],
    ['WAIT 1 250', 250],
    ['DEBUG SLEEP 1', 0],
  ])('lets %s block for %d ms', (line, blocksForMs) => {
    expect(decide(requestOf(line), kept, topology)).toMatchObject({ kind: 'dedicated', blocksForMs });
  });

  it.each([
    ['SUBSCRIBE a b', {}, 2],
    ['UNSUBSCRIBE', {}, 1],
    ['UNSUBSCRIBE', { channel: 3, pattern: 2, shard: 1 }, 3],
    ['PUNSUBSCRIBE', { channel: 3, pattern: 2, shard: 1 }, 2],
    ['SUNSUBSCRIBE', { channel: 3, pattern: 2, shard: 1 }, 1],
    ['UNSUBSCRIBE a', { channel: 3 }, 1],
  ])('expects for %s, in the state %o, %i confirmations', (line, change, confirmations) => {
    const subscriptions = { channel: 0, pattern: 0, shard: 0, ...change };
    const client = clientWith({ dedicated: dedicatedWith({ subscriptions }) });
    expect(decide(requestOf(line), client, topology)).toEqual({ kind: 'subscribe', confirmations });
  });

  it('sends a request over 1 MiB alone, once all earlier ones are answered', () => {
    const large = `SET k ${'x'.repeat(1024 * 1024)}`;
    expect(decideTwice(large, states.new)).toBe('wait:dedicated');
    expect(decideTwice(large, states.pending)).toBe('wait:replies');
    expect(decideTwice(large, kept)).toBe('dedicated');
    expect(decideTwice(large, states.full)).toBe('wait:window');
  });

  it('names the node', () => {
    expect(decide(requestOf('GET a'), states.new, topology)).toMatchObject({ node: topology.primary });
    expect(decide(requestOf('GET a'), states.away, topology)).toMatchObject({ node: topology.primary });
  });

  it.each([
    ['SYNC', states.new, '-ERR redis-ambassador: sync is not supported\r\n'],
    ['SCRIPT DEBUG yes', states.new, '-ERR redis-ambassador: script|debug is not supported\r\n'],
    ['GET a', states.failed, error],
    ['MULTI', states.refused, error],
    ['CLIENT REPLY OFF', transaction, '-ERR redis-ambassador: client|reply is not allowed inside MULTI\r\n'],
    ['GET a', clientWith({ isLoggedIn: false }), '-NOAUTH Authentication required.\r\n'],
    ['SELECT', states.new, "-ERR wrong number of arguments for 'select' command\r\n"],
    ['CLIENT ID x', states.new, "-ERR wrong number of arguments for 'client|id' command\r\n"],
  ])('gives the reason for %s (row %#)', (line, client, text) => {
    expect(decide(requestOf(line), client, topology)).toMatchObject({ text });
  });
});
