import { describe, expect, it } from 'vitest';
import { clientWith, dedicatedWith, requestOf, summaryOf } from '../../test/support/decisions.ts';
import { CommandTable } from '../command/command-table.ts';
import { withDenied } from '../command/denied.ts';
import { Request } from '../command/request.ts';
import { unknownCluster, withSlots } from '../topology/cluster.ts';
import { readShards, ringTopology, Shards } from '../topology/ring-url.ts';
import type { Topology } from '../topology/topology.ts';
import type { Action } from './action.ts';
import { decide } from './decide.ts';
import type { ClientView } from './question.ts';

const reach = { tls: undefined, user: undefined, password: undefined, db: 0 };
const at = (host: string) => ({ host, port: 6379 });
/** The keys `a` and `c` (slots 15495 and 7365) are on the second node, `b` (3300) on the first. */
const cluster = withSlots(unknownCluster(reach), reach, [
  { first: 0, last: 5000, primary: at('one'), replicas: [] },
  { first: 5001, last: 16_000, primary: at('two'), replicas: [] },
]);

/** An action and its target. */
function placesOf(action: Action): string {
  if (action.kind === 'pass') return `pass ${action.node.id.split(':')[0]}`;
  if (action.kind === 'wait') return `wait:${action.for} ${action.node.id.split(':')[0]}`;
  if (action.kind === 'reply') return action.text.trim();
  if (action.kind === 'gather') {
    const parts = action.parts.map(({ node, request }) => {
      const words = request.words.map((word) => word.toString()).join(' ');
      return `${node.id.split(':')[0]}: ${words}`;
    });
    return `${action.merge} of ${parts.join('; ')}`;
  }
  return summaryOf(action);
}

const decided = (line: string, client: ClientView = clientWith(), topology: Topology = cluster) =>
  placesOf(decide(requestOf(line), client, topology));

describe('over a Cluster', () => {
  it.each([
    ['GET b', 'pass one'],
    ['GET a', 'pass two'],
    ['GET {b}x', 'pass one'],
    ['SUNION a {a}b', 'pass two'],
    ['SUNION a b', "-CROSSSLOT Keys in request don't hash to the same slot"],
    ['MSETNX a 1 b 2', "-CROSSSLOT Keys in request don't hash to the same slot"],
    ['EVAL x 1 a', 'pass two'],
    ['EVAL x 0', 'pass one'],
    ['PING', 'pass one'],
    ['NOSUCH', 'pass one'],
    ['NOSUCH a', 'pass two'],
    ['MGET a', 'pass two'],
    ['MGET a b', 'list of two: MGET a; one: MGET b'],
    ['MSET a 1 b 2 {a}c 3', 'ok of two: MSET a 1 {a}c 3; one: MSET b 2'],
    ['MSET a 1 b', "-ERR wrong number of arguments for 'mset' command"],
    ['DEL a b', 'sum of two: DEL a; one: DEL b'],
    ['DBSIZE', 'sum of one: DBSIZE; two: DBSIZE'],
    ['KEYS *', 'list of one: KEYS *; two: KEYS *'],
    ['SCRIPT LOAD x', 'ok of one: SCRIPT LOAD x; two: SCRIPT LOAD x'],
    ['INFO', 'info of one: INFO'],
    ['ROLE', 'role of one: ROLE'],
    ['SCAN 0 COUNT 5', 'scan of one: SCAN 0 COUNT 5'],
    ['SCAN 1', 'scan of two: SCAN 0'],
    ['SCAN 1025', 'scan of two: SCAN 1'],
    ['SCAN 2', '-ERR invalid cursor'],
    ['BLPOP a 0', 'wait:dedicated two'],
    ['BLPOP a b 0', "-CROSSSLOT Keys in request don't hash to the same slot"],
    ['WATCH a', 'wait:dedicated two'],
    ['SUBSCRIBE x', 'wait:dedicated one'],
    ['SSUBSCRIBE a', 'wait:dedicated two'],
    ['MULTI', 'open-multi'],
    ['CLIENT ID', 'answer'],
    ['SELECT 0', 'answer'],
    ['SELECT 1', '-ERR SELECT is not allowed in cluster mode'],
    ['CLUSTER SLOTS', 'refuse:refused'],
    ['READONLY', 'refuse:refused'],
    ['MONITOR', 'refuse:refused'],
    ['WAIT 1 0', 'refuse:refused'],
    ['CLIENT TRACKING ON', 'refuse:refused'],
  ])('%s: %s', (line, action) => {
    expect(decided(line)).toBe(action);
  });

  it('a request waits for a node of its slot, but not forever', () => {
    // its slot is 16_287
    expect(decided('GET k16287')).toMatch(/^pass/);
    const unknown = unknownCluster(reach);
    const tired = clientWith({ topologyRefusal: () => '-LOADING\r\n' });
    for (const line of ['GET a', 'PING', 'DBSIZE', 'MGET a b', 'SCAN 0', 'BLPOP a 0', 'MULTI']) {
      expect(decided(line, clientWith(), unknown)).toBe('wait:topology unknown');
      expect(decided(line, tired, unknown)).toBe('refuse:unavailable');
    }
  });

  it('a request without a key goes to a live node', () => {
    expect(decided('PING', clientWith({ isUp: ({ id }) => id.startsWith('two') }))).toBe('pass two');
    expect(decided('PING', clientWith({ isUp: () => false }))).toBe('pass one');
  });

  it('nothing overtakes a retried request', () => {
    const client = clientWith({ isRedirecting: true, isAnswered: false });
    for (const line of ['GET a', 'PING', 'MGET a b', 'BLPOP a 0', 'MULTI']) {
      expect(decided(line, client)).toBe('wait:replies one');
    }
  });

  it('the parts of a request wait for all their connections, and for the client to read', () => {
    const away = clientWith({ obstacleTo: ({ id }) => (id.startsWith('two') ? 'connection' : undefined) });
    expect(decided('MGET b a', away)).toBe('wait:connection two');
    expect(decided('GET b', away)).toBe('pass one');
    const failed = clientWith({ obstacleTo: () => ({ error: '-LOADING\r\n' }) });
    expect(decided('DBSIZE', failed)).toBe('refuse:unavailable');
    expect(decided('MGET a b', clientWith({ isBehind: true }))).toMatch(/^wait:reader/);
  });
});

describe('a transaction over a Cluster', () => {
  const opened = clientWith({ isMultiOpen: true });

  it.each([
    ['SET a 1', 'wait:dedicated two'],
    ['SET b 1', 'wait:dedicated one'],
    ['PING', 'wait:dedicated one'],
    ['MGET a b', 'wait:dedicated one'],
    ['EXEC', 'close-multi'],
    ['DISCARD', 'close-multi'],
    ['MULTI', '-ERR MULTI calls can not be nested'],
    ['WATCH a', '-ERR WATCH inside MULTI is not allowed'],
    ['INFO', 'refuse:refused!'],
    ['CLUSTER SLOTS', 'refuse:refused!'],
  ])('after MULTI: %s: %s', (line, action) => {
    expect(decided(line, opened)).toBe(action);
  });

  const bound = clientWith({
    dedicated: dedicatedWith({ isInTransaction: true }),
    dedicatedNode: 'two:6379',
  });
  it.each([
    ['SET a 1', 'dedicated'],
    // Redis refuses it, and the transaction is aborted
    ['SET b 1', 'dedicated'],
    ['EXEC', 'dedicated:end-multi'],
    ['ROLE', 'refuse:refused!'],
  ])('on its node: %s: %s', (line, action) => {
    expect(decided(line, bound)).toBe(action);
  });

  const watches = clientWith({ dedicated: dedicatedWith(), dedicatedNode: 'two:6379' });
  it.each([
    ['GET a', 'dedicated'],
    ['GET b', 'pass one'],
    ['PING', 'pass one'],
    ['MGET a b', 'list of two: MGET a; one: MGET b'],
    ['MULTI', 'dedicated:multi'],
    ['UNWATCH', 'dedicated:unwatch'],
    ['WATCH {a}b', 'dedicated:watch'],
    ['WATCH b', 'refuse:refused'],
    ['BLPOP b 0', 'refuse:refused'],
  ])('while it watches: %s: %s', (line, action) => {
    expect(decided(line, watches)).toBe(action);
  });
});

it('over a ring, all messages go to its first server, and databases exist', () => {
  const source = readShards('redis-ring://one,two');
  if (!(source instanceof Shards)) throw new Error('no ring');
  const ring = ringTopology(source);
  const client = clientWith({ isUp: ({ id }) => id.startsWith('two') });
  expect(decided('PING', client, ring)).toBe('pass two');
  expect(decided('PUBLISH x y', client, ring)).toBe('pass one');
  expect(decided('SUBSCRIBE x', client, ring)).toBe('wait:dedicated one');
  expect(decided('SELECT 3', clientWith(), ring)).toBe('answer');
});

it('a transaction over a ring ends with the first key of another server, which would accept it', () => {
  const source = readShards('redis-ring://one,two?distribution=modula&hash=crc32a');
  if (!(source instanceof Shards)) throw new Error('no ring');
  const ring = ringTopology(source);
  const nodeOf = (key: string) => {
    const node = ring.placement?.nodeOf(ring.placement.slotOf(Buffer.from(key), 0, key.length));
    return node?.id ?? '';
  };
  const [here = '', there = ''] = ['one:6379', 'two:6379'].map((id) =>
    ['a', 'b', 'c', 'd', 'e', 'f'].find((key) => nodeOf(key) === id),
  );
  const bound = clientWith({
    dedicated: dedicatedWith({ isInTransaction: true }),
    dedicatedNode: 'one:6379',
  });
  expect(decided(`SET ${here} 1`, bound, ring)).toBe('dedicated');
  expect(decided('PING', bound, ring)).toBe('dedicated');
  expect(decided('EXEC', bound, ring)).toBe('dedicated:end-multi');
  expect(decided(`SET ${there} 1`, bound, ring)).toBe('refuse:refused!');
  expect(decided(`MGET ${here} ${there}`, bound, ring)).toBe('refuse:refused!');
  expect(decided(`MGET ${here} ${there}`, clientWith({ isMultiOpen: true }), ring)).toBe('refuse:refused!');
});

it('a denied command gets an error everywhere, and ends a transaction', () => {
  const table = new CommandTable(withDenied(['flushall']));
  const { bytes, start, end } = requestOf('FLUSHALL');
  const request = new Request(table.find(bytes, 8, 16), undefined, { bytes, start, end, readAt: 0 });
  expect(request.command.does).toBe('denied');
  expect(decide(request, clientWith(), cluster)).toMatchObject({
    kind: 'refuse',
    text: "-NOPERM redis-ambassador: command 'flushall' is denied\r\n",
    isLast: false,
  });
  expect(decide(request, clientWith({ isMultiOpen: true }), cluster)).toMatchObject({ isLast: true });
});
