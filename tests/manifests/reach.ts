import { BlockList } from 'node:net';
import type {
  INetworkPolicy,
  INetworkPolicyPeer,
  INetworkPolicyPort,
} from '../../packages/pod-review/types/kubernetes.ts';

/** A pod or, without labels, another address. */
export interface Party {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>> | undefined;
  /** An IPv4 address for `ipBlock`. Addresses of pods change, so no rule here may depend on one. */
  readonly address?: string;
  readonly ports: readonly Port[];
}

export interface Port {
  readonly number: number;
  readonly protocol: string;
}

export interface Connection {
  readonly from: Party;
  readonly to: Party;
  readonly port: Port;
}

/** Whether NetworkPolicies allow a connection from one pod to another, at both ends. */
export function canReach(policies: readonly INetworkPolicy[], { from, to, port }: Connection): boolean {
  const leaving = policies.filter((policy) => isFor(policy, 'Egress', from));
  const arriving = policies.filter((policy) => isFor(policy, 'Ingress', to));
  return (
    // a pod without a policy is open; with several, one rule is enough
    (leaving.length === 0 ||
      leaving.some((policy) =>
        (policy.spec?.egress ?? []).some(
          (rule) => matchesPeer(policy, rule.to, to) && matchesPort(rule.ports, port),
        ),
      )) &&
    (arriving.length === 0 ||
      arriving.some((policy) =>
        (policy.spec?.ingress ?? []).some(
          (rule) => matchesPeer(policy, rule.from, from) && matchesPort(rule.ports, port),
        ),
      ))
  );
}

function isFor({ metadata, spec }: INetworkPolicy, type: 'Ingress' | 'Egress', party: Party): boolean {
  // the API server would derive the types from the rules; here they are always explicit
  if (spec?.policyTypes === undefined) throw new Error(`${metadata?.name}: no policyTypes`);
  return (
    spec.policyTypes.includes(type) &&
    metadata?.namespace === party.namespace &&
    matches(spec.podSelector, party.labels)
  );
}

/** A rule without peers applies to everyone. */
function matchesPeer(
  { metadata }: INetworkPolicy,
  peers: readonly INetworkPolicyPeer[] = [],
  { namespace, labels, address }: Party,
): boolean {
  if (peers.length === 0) return true;
  return peers.some(({ ipBlock, namespaceSelector, podSelector }) => {
    if (ipBlock !== undefined) return address !== undefined && isInBlock(ipBlock, address);
    const isNamespace =
      namespaceSelector === undefined
        ? namespace === metadata?.namespace
        : matches(namespaceSelector, { 'kubernetes.io/metadata.name': namespace });
    return labels !== undefined && isNamespace && matches(podSelector, labels);
  });
}

function isInBlock(
  { cidr, except = [] }: NonNullable<INetworkPolicyPeer['ipBlock']>,
  address: string,
): boolean {
  const isWithin = (block: string) => {
    const [network = '', bits] = block.split('/');
    const list = new BlockList();
    list.addSubnet(network, Number(bits));
    return list.check(address);
  };
  return isWithin(cidr) && !except.some(isWithin);
}

/** A rule without ports applies to all ports. */
function matchesPort(ports: readonly INetworkPolicyPort[] = [], { number, protocol }: Port): boolean {
  if (ports.length === 0) return true;
  return ports.some((wanted) => {
    if (typeof wanted.port !== 'number' || wanted.endPort !== undefined) {
      throw new Error(`port ${wanted.port}: only single numbers are understood here`);
    }
    return wanted.port === number && (wanted.protocol ?? 'TCP') === protocol;
  });
}

/** An empty or missing selector selects every pod. */
function matches(
  { matchLabels = {}, matchExpressions = [] }: NonNullable<INetworkPolicyPeer['podSelector']> = {},
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  if (matchExpressions.length > 0) throw new Error('matchExpressions are not understood here');
  return labels !== undefined && Object.entries(matchLabels).every(([key, text]) => labels[key] === text);
}
