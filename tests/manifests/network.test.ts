import { describe, expect, it } from 'vitest';
import type { INetworkPolicy } from '../../packages/pod-review/types/kubernetes.ts';
import { kustomizations } from './kustomizations.ts';
import { containersOf, goldenObjects, goldenPods, type PodManifest } from './manifests.ts';
import { canReach, type Party, type Port } from './reach.ts';

/** Who reaches which ports of whom, computed from the rendered manifests. Pairs that are not listed have no access. */
type Reach = readonly string[];

/** Namespaces of controllers, whose pods forward users. */
const waysIn = ['traefik', 'envoy-gateway-system'] as const;

/** A port for users admits everyone but a neighbour, which the default policy denies all egress. */
const anyone = (to: string): Reach =>
  ['outside', 'node-dns', 'credentials', 'stranger', 'kube-dns', ...waysIn].map((from) => `${from} → ${to}`);

/** DNS of the cluster, or of the node if it has NodeLocal DNSCache. */
const asksDns = (...from: readonly string[]): Reach =>
  from.flatMap((name) => [`${name} → kube-dns: 53 53/UDP`, `${name} → node-dns: 53 53/UDP`]);

const asApp: Reach = [...asksDns('web'), 'web → redis: 6379'];
const app: Reach = [...anyone('web: 8080'), 'monitoring → web: 8080 8081 9101 9102 9103', ...asApp];

/** The app with replicas and Sentinels, which connect to each other. */
const sentinels: Reach = [
  ...app,
  ...asksDns('redis', 'sentinel'),
  'web → sentinel: 26379',
  'redis → another redis: 6379',
  'redis → sentinel: 26379',
  'sentinel → redis: 6379',
  'sentinel → another sentinel: 26379',
];
/** The app with a Redis Cluster: the nodes have a bus, and a Job connects once. */
const cluster: Reach = [
  ...app,
  ...asksDns('redis', 'redis-cluster'),
  'redis → another redis: 16379 6379',
  'redis-cluster → redis: 6379',
];

/** Users come only through the pods of one namespace. */
const behind = (wayIn: (typeof waysIn)[number]): Reach => [
  `${wayIn} → web: 8080`,
  'monitoring → web: 8081 9101 9102 9103',
  ...asApp,
];

const expected: Readonly<Record<string, Reach>> = {
  'k8s/examples/gateway': behind('envoy-gateway-system'),
  'k8s/examples/ingress': behind('traefik'),
  'k8s/overlays/kind': app,
  'k8s/overlays/kind-cluster': cluster,
  'k8s/overlays/kind-sentinel': sentinels,
  'k8s/overlays/production': sentinels,
  'k8s/overlays/production-plain': sentinels,
  'k8s/patterns/adaptor': [...anyone('adaptor: 8080'), 'monitoring → adaptor: 8080 9102'],
  'k8s/patterns/ambassador': [
    ...anyone('ambassador: 8080'),
    'monitoring → ambassador: 8080',
    ...asksDns('ambassador'),
    'ambassador → redis: 6379',
  ],
  // the classic pod only looks up the name
  'k8s/patterns/init': [...asksDns('myapp', 'myapp-pod'), 'myapp → myservice: 8080'],
  'k8s/patterns/job': [],
  // nginx, not web, which listens on 127.0.0.1:8000
  'k8s/patterns/rate-limit': [...anyone('rate-limit: 8080'), 'monitoring → rate-limit: 8080'],
  'k8s/patterns/sidecar': [],
};

const tcp = (...numbers: readonly number[]): Port[] => numbers.map((number) => ({ number, protocol: 'TCP' }));

/** Other peers; `neighbour` is another pod in our namespace. */
const strangers = (namespace: string): readonly Party[] => [
  { name: 'outside', namespace: '', labels: undefined, address: '203.0.113.7', ports: tcp(443) },
  // clouds serve credentials at another link-local address
  {
    name: 'node-dns',
    namespace: '',
    labels: undefined,
    address: '169.254.20.10',
    ports: [...tcp(53, 9253), { number: 53, protocol: 'UDP' }],
  },
  { name: 'credentials', namespace: '', labels: undefined, address: '169.254.169.254', ports: tcp(53, 80) },
  { name: 'stranger', namespace: 'elsewhere', labels: { app: 'stranger' }, ports: tcp(80, 6379) },
  { name: 'neighbour', namespace, labels: { app: 'neighbour' }, ports: tcp(80, 6379) },
  ...waysIn.map((name) => ({ name, namespace: name, labels: { app: 'proxy' }, ports: tcp(8000) })),
  { name: 'monitoring', namespace: 'monitoring', labels: { app: 'prometheus' }, ports: tcp(9090) },
  {
    name: 'kube-dns',
    namespace: 'kube-system',
    labels: { 'k8s-app': 'kube-dns' },
    ports: [...tcp(53, 9153), { number: 53, protocol: 'UDP' }],
  },
];

function partyOf(pod: PodManifest): Party {
  const ports = containersOf(pod).flatMap(({ container }) =>
    (container.ports ?? []).map(({ containerPort, protocol = 'TCP' }) => ({
      number: containerPort,
      protocol,
    })),
  );
  // and a port that no container names
  return { name: pod.name, namespace: pod.namespace, labels: pod.labels, ports: [...ports, ...tcp(9999)] };
}

function reach(folder: string, policies: readonly INetworkPolicy[]): Reach {
  const ours = goldenPods(folder).map(partyOf);
  const [first] = ours;
  const parties = [...ours, ...strangers(first?.namespace ?? '')];
  const isOurs = ({ namespace }: Party) => namespace === first?.namespace;
  const pairs = parties.flatMap((from) =>
    parties.filter((to) => to !== from && (isOurs(from) || isOurs(to))).map((to) => ({ from, to })),
  );
  const another = ours
    .filter(({ name }) => replicasOf(folder, name) > 1)
    .map((from) => ({ from, to: { ...from, name: `another ${from.name}` } }));
  return [...pairs, ...another].flatMap(({ from, to }) => {
    const open = to.ports.filter((port) => canReach(policies, { from, to, port }));
    const names = open.map(({ number, protocol }) =>
      protocol === 'TCP' ? `${number}` : `${number}/${protocol}`,
    );
    return names.length === 0 ? [] : [`${from.name} → ${to.name}: ${names.sort().join(' ')}`];
  });
}

/** Pods of a StatefulSet may connect to each other; replicas of other workloads have no reason to. */
function replicasOf(folder: string, name: string): number {
  const found = goldenObjects(folder).find(
    ({ kind, metadata }) => kind === 'StatefulSet' && metadata.name === name,
  );
  // of this kind, only what is read here
  return ((found?.spec ?? {}) as { readonly replicas?: number }).replicas ?? 0;
}

/** Objects of this kind are NetworkPolicies; pod-review validates them. */
const policiesOf = (folder: string) =>
  goldenObjects(folder).filter(({ kind }) => kind === 'NetworkPolicy') as readonly INetworkPolicy[];

describe.each(Object.entries(expected))('%s', (folder, lines) => {
  const policies = policiesOf(folder);

  it('allows only the traffic in the table', () => {
    expect([...reach(folder, policies)].sort()).toEqual([...lines].sort());
  });

  it.each(policies.map((policy) => [policy.metadata?.name, policy] as const))(
    'needs its policy %s',
    (_name, policy) => {
      const without = policies.filter((other) => other !== policy);
      expect([...reach(folder, without)].sort()).not.toEqual([...lines].sort());
    },
  );
});

it('covers every pattern, overlay and example', () => {
  const applied = kustomizations.filter((folder) => /^k8s\/(patterns|overlays|examples)\//.test(folder));
  expect(Object.keys(expected).sort()).toEqual(applied);
});
