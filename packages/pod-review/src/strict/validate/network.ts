import type {
  IIngressBackend,
  IIngressSpec,
  INetworkPolicyPeer,
  INetworkPolicyPort,
  INetworkPolicySpec,
} from '../../../types/kubernetes.ts';
import type { KubernetesVersion } from '../api/versions.ts';
import { cidr, ipAddress, isStrictlyWithin, networkFault } from './addresses.ts';
import { validateSelector } from './metadata.ts';
import {
  dnsLabel,
  dnsSubdomain,
  type NameForm,
  pathSegment,
  portName,
  portNumber,
  portNumberOrName,
  wildcardSubdomain,
} from './names.ts';
import type { Place } from './place.ts';

export function validateNetworkPolicy(
  spec: INetworkPolicySpec,
  version: KubernetesVersion,
  place: Place,
): void {
  validateSelector(spec.podSelector, place.at('podSelector'));
  for (const [index, type] of (spec.policyTypes ?? []).entries())
    place.at('policyTypes', index).oneOf(type, ['Ingress', 'Egress']);
  if ((spec.policyTypes ?? []).length > 2) place.at('policyTypes').invalid('at most 2 are allowed');
  for (const [index, { ports = [], from = [] }] of (spec.ingress ?? []).entries()) {
    validatePolicyPorts(ports, place.at('ingress', index, 'ports'));
    validatePeers(from, version, place.at('ingress', index, 'from'));
  }
  for (const [index, { ports = [], to = [] }] of (spec.egress ?? []).entries()) {
    validatePolicyPorts(ports, place.at('egress', index, 'ports'));
    validatePeers(to, version, place.at('egress', index, 'to'));
  }
}

function validatePolicyPorts(ports: readonly INetworkPolicyPort[], place: Place): void {
  for (const [index, { port, endPort, protocol }] of ports.entries()) {
    const here = place.at(index);
    here.at('protocol').oneOf(protocol, ['TCP', 'UDP', 'SCTP']);
    if (port !== undefined) here.at('port').check(portNumberOrName(port));
    if (endPort === undefined) continue;
    if (typeof port !== 'number') here.at('endPort').invalid('allowed only when port is a number');
    else if (endPort < port) here.at('endPort').invalid(`${endPort} is less than port`);
    else here.at('endPort').check(portNumber(endPort));
  }
}

function validatePeers(peers: readonly INetworkPolicyPeer[], version: KubernetesVersion, place: Place): void {
  for (const [index, { podSelector, namespaceSelector, ipBlock }] of peers.entries()) {
    const here = place.at(index);
    validateSelector(podSelector, here.at('podSelector'));
    validateSelector(namespaceSelector, here.at('namespaceSelector'));
    const hasSelector = podSelector !== undefined || namespaceSelector !== undefined;
    if (ipBlock === undefined && !hasSelector)
      here.missing('expected podSelector, namespaceSelector or ipBlock');
    if (ipBlock === undefined) continue;
    if (hasSelector) here.forbidden('ipBlock cannot be combined with selectors');
    if (ipBlock.cidr === '') here.at('ipBlock', 'cidr').missing();
    else here.at('ipBlock', 'cidr').check(networkFault(ipBlock.cidr, version));
    validateExcepts(ipBlock, here.at('ipBlock', 'except'));
  }
}

function validateExcepts(block: NonNullable<INetworkPolicyPeer['ipBlock']>, place: Place): void {
  for (const [index, except] of (block.except ?? []).entries()) {
    const fault = cidr(except);
    place.at(index).check(fault);
    if (fault !== undefined || cidr(block.cidr) !== undefined) continue;
    if (!isStrictlyWithin(except, block.cidr))
      place.at(index).invalid(`${except} is not inside ${block.cidr}`);
  }
}

export function validateIngress(spec: IIngressSpec, place: Place): void {
  const { rules = [], defaultBackend, tls = [], ingressClassName } = spec;
  if (rules.length === 0 && defaultBackend === undefined) place.invalid('expected rules or a defaultBackend');
  if (defaultBackend !== undefined) validateBackend(defaultBackend, place.at('defaultBackend'));
  if (ingressClassName !== undefined) place.at('ingressClassName').check(dnsSubdomain(ingressClassName));
  for (const [index, { host = '', http }] of rules.entries()) {
    const here = place.at('rules', index);
    if (host !== '') validateHost(host, here.at('host'));
    if (http === undefined) continue;
    if (http.paths.length === 0) here.at('http', 'paths').missing();
    for (const [at, path] of http.paths.entries()) validatePath(path, here.at('http', 'paths', at));
  }
  for (const [index, { hosts = [], secretName = '' }] of tls.entries()) {
    for (const [at, host] of hosts.entries()) place.at('tls', index, 'hosts', at).check(hostName(host));
    if (secretName !== '') place.at('tls', index, 'secretName').check(dnsSubdomain(secretName));
  }
}

function validateHost(host: string, place: Place): void {
  if (ipAddress(host) === undefined) place.invalid(`${host} must be a DNS name, not an address`);
  else place.check(hostName(host));
}

const hostName: NameForm = (host) => (host.includes('*') ? wildcardSubdomain : dnsSubdomain)(host);

interface IngressPath {
  readonly path?: string | undefined;
  readonly pathType: string;
  readonly backend: IIngressBackend;
}

function validatePath({ path = '', pathType, backend }: IngressPath, place: Place): void {
  validateBackend(backend, place.at('backend'));
  if (pathType === '') {
    place.at('pathType').missing();
    return;
  }
  const isFree = pathType === 'ImplementationSpecific';
  if (!path.startsWith('/') && !(isFree && path === '')) {
    place.at('path').invalid(`${JSON.stringify(path)} must be an absolute path`);
  }
  if (!isFree && /\/\/|\/\.\.?(\/|$)|%2f/i.test(path))
    place.at('path').invalid(`${JSON.stringify(path)} must be a plain path`);
}

function validateBackend({ resource, service }: IIngressBackend, place: Place): void {
  if (resource !== undefined && service !== undefined)
    place.invalid('cannot be both a resource and a service');
  else if (resource === undefined && service === undefined) place.invalid('expected a resource or a service');
  if (resource !== undefined) {
    if (resource.apiGroup !== undefined)
      place.at('resource', 'apiGroup').check(dnsSubdomain(resource.apiGroup));
    for (const field of ['kind', 'name'] as const) {
      if (resource[field] === '') place.at('resource', field).missing();
      else place.at('resource', field).check(pathSegment(resource[field]));
    }
  }
  if (service === undefined) return;
  const { name, port: { name: named = '', number = 0 } = {} } = service;
  if (name === '') place.at('service', 'name').missing();
  else place.at('service', 'name').check(dnsLabel(name));
  if (named !== '' && number !== 0) place.at('service', 'port').invalid('expected name or number, not both');
  else if (named !== '') place.at('service', 'port', 'name').check(portName(named));
  else if (number !== 0) place.at('service', 'port', 'number').check(portNumber(number));
  else place.at('service', 'port').missing('port name or number is required');
}
