import { expect, it } from 'vitest';
import type {
  INetworkPolicy,
  INetworkPolicyPeer,
  INetworkPolicyPort,
} from '../../packages/pod-review/types/kubernetes.ts';
import { canReach, type Party } from './reach.ts';

/** The documented meaning of each field of NetworkPolicy, as a table. */
const port = { number: 80, protocol: 'TCP' };
const pod = (name: string, namespace: string): Party => ({
  ...{ name, namespace, labels: { app: name }, ports: [port] },
});
const [a, b, far] = [pod('a', 'here'), pod('b', 'here'), pod('a', 'there')];
const outside: Party = {
  name: 'outside',
  namespace: '',
  labels: undefined,
  address: '203.0.113.7',
  ports: [],
};

const policy = (spec: NonNullable<INetworkPolicy['spec']>): INetworkPolicy => ({
  ...{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' },
  ...{ metadata: { name: 'policy', namespace: 'here' }, spec },
});
const onlyB = { matchLabels: { app: 'b' } };
const denyIn = policy({ podSelector: {}, policyTypes: ['Ingress'] });
const denyOut = policy({ podSelector: {}, policyTypes: ['Egress'] });
const intoB = (...from: INetworkPolicyPeer[]) =>
  policy({ podSelector: onlyB, policyTypes: ['Ingress'], ingress: [{ from }] });
const intoPort = (wanted: INetworkPolicyPort) =>
  policy({ podSelector: onlyB, policyTypes: ['Ingress'], ingress: [{ ports: [wanted] }] });
const inNamespace = (name: string) => ({ matchLabels: { 'kubernetes.io/metadata.name': name } });
const appIs = (app: string) => ({ matchLabels: { app } });

it.each<[string, INetworkPolicy[], from: Party, to: Party, isOpen: boolean]>([
  ['without a policy all is open', [], outside, b, true],
  ['a policy without rules closes', [denyIn], a, b, false],
  ['only the direction that it names', [denyIn], b, outside, true],
  ['only the pods of its namespace', [denyIn], a, far, true],
  ['rules of several policies add up', [denyIn, intoB()], outside, b, true],
  ['both ends have to agree', [denyOut, intoB()], a, b, false],
  ['only the pods that it selects', [denyIn, intoB()], b, a, false],
  ['a pod selector is for its own namespace', [intoB({ podSelector: appIs('a') })], a, b, true],
  ['and for no other', [intoB({ podSelector: appIs('a') })], far, b, false],
  [
    'a namespace selector is for all pods there',
    [intoB({ namespaceSelector: inNamespace('there') })],
    far,
    b,
    true,
  ],
  [
    'selectors of one peer hold together',
    [intoB({ namespaceSelector: inNamespace('there'), podSelector: appIs('b') })],
    far,
    b,
    false,
  ],
  [
    'those of two peers each alone',
    [intoB({ namespaceSelector: inNamespace('there') }, { podSelector: appIs('b') })],
    far,
    b,
    true,
  ],
  ['no selector takes what is no pod', [intoB({ namespaceSelector: {} })], outside, b, false],
  ['an empty selector takes every pod', [intoB({ namespaceSelector: {} })], far, b, true],
  ['a block takes the addresses in it', [intoB({ ipBlock: { cidr: '203.0.113.0/24' } })], outside, b, true],
  ['and no other', [intoB({ ipBlock: { cidr: '203.0.112.0/24' } })], outside, b, false],
  [
    'nor what it excepts',
    [intoB({ ipBlock: { cidr: '203.0.0.0/16', except: ['203.0.113.0/24'] } })],
    outside,
    b,
    false,
  ],
  ['a block is not for pods', [intoB({ ipBlock: { cidr: '0.0.0.0/0' } })], a, b, false],
  ['a port that is named', [intoPort({ port: 80 })], a, b, true],
  ['another port', [intoPort({ port: 81 })], a, b, false],
  ['a port is of TCP where nothing is said', [intoPort({ port: 80, protocol: 'UDP' })], a, b, false],
])('%s', (_title, policies, from, to, isOpen) => {
  expect(canReach(policies, { from, to, port })).toBe(isOpen);
});
