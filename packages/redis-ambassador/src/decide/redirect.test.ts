import { expect, it } from 'vitest';
import { Endpoint } from '../topology/endpoint.ts';
import { type Redirect, readRedirect, withoutAddress } from './redirect.ts';

const nodes = [
  ['10.0.0.1', 7001],
  ['10.0.0.1', 7002],
  ['10.0.0.1', 7003],
  ['10.0.0.2', 7003],
].map(([host, port]) => {
  const address = { host: String(host), port: Number(port) };
  const endpoint = new Endpoint({ address, tls: undefined, user: undefined, password: undefined, db: 0 });
  return { id: endpoint.name, endpoint, role: 'master' };
});

it.each<[string, Redirect | undefined]>([
  ['MOVED 3999 10.0.0.1:6381', { kind: 'moved', slot: 3999, address: { host: '10.0.0.1', port: 6381 } }],
  ['MOVED 0 fd00::1:6381', { kind: 'moved', slot: 0, address: { host: 'fd00::1', port: 6381 } }],
  ['MOVED 1 [fd00::1]:6381', { kind: 'moved', slot: 1, address: { host: 'fd00::1', port: 6381 } }],
  ['MOVED 1 node-1.redis:1', { kind: 'moved', slot: 1, address: { host: 'node-1.redis', port: 1 } }],
  ['ASK 1 10.0.0.1:1', { kind: 'ask', address: { host: '10.0.0.1', port: 1 } }],
  // an empty host means the answering node, if only one node has the port; `?` means unknown
  ['MOVED 1 :7001', { kind: 'moved', slot: 1, address: { host: '10.0.0.1', port: 7001 } }],
  ['ASK 1 :7002', { kind: 'ask', address: { host: '10.0.0.1', port: 7002 } }],
  ['ASK 1 :7003', { kind: 'outage' }],
  ['ASK 1 :6381', { kind: 'outage' }],
  ['MOVED 1 ?:6381', { kind: 'outage' }],
  ['TRYAGAIN Multiple keys request during rehashing of slot', { kind: 'again' }],
  ['CLUSTERDOWN The cluster is down', { kind: 'outage' }],
  ['CLUSTERDOWN Hash slot not served', { kind: 'outage' }],
  ['LOADING Redis is loading the dataset in memory', { kind: 'outage' }],
  ["MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", { kind: 'outage' }],
  ["READONLY You can't write against a read only replica.", { kind: 'outage' }],
  ['MOVED', undefined],
  ['MOVED x y', undefined],
  ['ERR unknown command', undefined],
  ['WRONGTYPE Operation against a key', undefined],
  ["CROSSSLOT Keys in request don't hash to the same slot", undefined],
  ['NOSCRIPT No matching script. Please use EVAL.', undefined],
  ['LOADINGS', undefined],
])('readRedirect parses %s', (text, redirect) => {
  expect(readRedirect(text, nodes)).toEqual(redirect);
});

it.each([
  ['MOVED 1 :7003', 'its nodes disagree about the location of the keys'],
  ['ASK 1 ?:7003', 'its nodes disagree about the location of the keys'],
  ['CLUSTERDOWN Hash slot not served', 'CLUSTERDOWN Hash slot not served'],
])('the error %s is reported as: %s', (text, told) => {
  expect(withoutAddress(text)).toBe(told);
});
