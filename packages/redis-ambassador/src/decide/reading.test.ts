import { describe, expect, it } from 'vitest';
import { clientWith, dedicatedWith, requestOf, summaryOf } from '../../test/support/decisions.ts';
import { unknownCluster, withSlots } from '../topology/cluster.ts';
import { unknownPrimary, withAnswers } from '../topology/sentinel.ts';
import { readSource, Sentinels } from '../topology/source.ts';
import type { Node, Topology } from '../topology/topology.ts';
import type { Action } from './action.ts';
import { decide } from './decide.ts';
import type { ClientView } from './question.ts';

const reach = { tls: undefined, user: undefined, password: undefined, db: 0 };
const at = (host: string) => ({ host, port: 6379 });
/** The key `a` is on the second primary, `b` on the first. */
const cluster = withSlots(unknownCluster(reach), reach, [
  { first: 0, last: 5000, primary: at('one'), replicas: [at('one-r')] },
  { first: 5001, last: 16_383, primary: at('two'), replicas: [at('two-r')] },
]);
const source = readSource('redis-sentinel://s');
if (!(source instanceof Sentinels)) throw new Error('no Sentinels');
const sentinel = withAnswers(unknownPrimary(source), source, [
  { primary: at('one'), epoch: 1, replicas: [{ address: at('one-r'), fault: undefined }], sentinels: [] },
]);

const hostOf = ({ endpoint }: Node) => endpoint?.name.split(':')[0] ?? '';

function placesOf(action: Action): string {
  if (action.kind === 'pass') return hostOf(action.node);
  if (action.kind === 'wait') return `wait:${action.for} ${hostOf(action.node)}`;
  if (action.kind === 'gather') return action.parts.map(({ node }) => hostOf(node)).join();
  return summaryOf(action);
}

/** A client that reads from these replicas, or from no node if there are none. */
function readingFrom(topology: Topology, change: Partial<ClientView> = {}): ClientView {
  return clientWith({
    readerOf: (primary) => topology.nodes.find(({ of }) => of === primary.id),
    ...change,
  });
}

describe.each<[string, Topology, string]>([
  ['behind Sentinels', sentinel, 'one'],
  ['in a Cluster', cluster, 'two'],
])('reads from replicas %s', (_, topology, host) => {
  it.each([
    ['GET a', `${host}-r`],
    ['MGET a', `${host}-r`],
    ['HGETALL a', `${host}-r`],
    ['EXISTS a', `${host}-r`],
    ['SET a 1', host],
    ['GETDEL a', host],
    ['TOUCH a', host],
    ['HSCAN a 0', host],
    ['EVAL_RO x 1 a', host],
    ['NOSUCH a', host],
    ['BLPOP a 0', `wait:dedicated ${host}`],
    ['WATCH a', `wait:dedicated ${host}`],
    ['XREAD BLOCK 0 STREAMS a $', `wait:dedicated ${host}`],
  ])('%s: %s', (line, place) => {
    expect(placesOf(decide(requestOf(line), readingFrom(topology), topology))).toBe(place);
  });

  it('wait for a usable replica, and fail with an error at the deadline', () => {
    const none = readingFrom(topology, { readerOf: () => undefined });
    expect(placesOf(decide(requestOf('GET a'), none, topology))).toBe(`wait:topology ${host}`);
    expect(placesOf(decide(requestOf('SET a 1'), none, topology))).toBe(host);
    const tired = { ...none, topologyRefusal: (_: number, reason: string) => `-LOADING ${reason}\r\n` };
    expect(decide(requestOf('GET a'), tired, topology)).toMatchObject({
      kind: 'refuse',
      reason: 'unavailable',
      text: '-LOADING no replica is fit for reads\r\n',
    });
  });

  it('use a shared connection beside a dedicated one to another server, except in a transaction', () => {
    const [primary] = topology.nodes.filter((node) => hostOf(node) === host);
    const [replica] = topology.nodes.filter(({ of }) => of === primary?.id);
    // it gets a large reply
    const ofReplica = readingFrom(topology, { dedicated: dedicatedWith(), dedicatedNode: replica?.id });
    expect(placesOf(decide(requestOf('GET a'), ofReplica, topology))).toBe('dedicated');
    expect(placesOf(decide(requestOf('SET a 1'), ofReplica, topology))).toBe(host);
    const inTransaction = clientWith({
      dedicated: dedicatedWith({ isInTransaction: true }),
      dedicatedNode: primary?.id,
    });
    expect(placesOf(decide(requestOf('GET a'), inTransaction, topology))).toBe('dedicated');
  });
});

it('reads of several slots go to a replica of each, if each has one', () => {
  expect(placesOf(decide(requestOf('MGET a b'), readingFrom(cluster), cluster))).toBe('two-r,one-r');
  expect(placesOf(decide(requestOf('TOUCH a b'), readingFrom(cluster), cluster))).toBe('two,one');
  const some = readingFrom(cluster, { readerOf: (node) => (hostOf(node) === 'one' ? node : undefined) });
  expect(placesOf(decide(requestOf('MGET a b'), some, cluster))).toBe('wait:topology one');
});
