import { expect, it } from 'vitest';
import { type Redirect, readRedirect } from './redirect.ts';

it.each<[string, Redirect | undefined]>([
  ['MOVED 3999 10.0.0.1:6381', { kind: 'moved', slot: 3999, address: { host: '10.0.0.1', port: 6381 } }],
  ['MOVED 0 fd00::1:6381', { kind: 'moved', slot: 0, address: { host: 'fd00::1', port: 6381 } }],
  ['MOVED 1 [fd00::1]:6381', { kind: 'moved', slot: 1, address: { host: 'fd00::1', port: 6381 } }],
  ['MOVED 1 node-1.redis:1', { kind: 'moved', slot: 1, address: { host: 'node-1.redis', port: 1 } }],
  ['ASK 1 10.0.0.1:1', { kind: 'ask', address: { host: '10.0.0.1', port: 1 } }],
  // the host is that of the node that has answered, or not known to it
  ['MOVED 1 :6381', { kind: 'outage' }],
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
])('%s', (text, redirect) => {
  expect(readRedirect(text)).toEqual(redirect);
});
