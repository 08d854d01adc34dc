import type { IServiceSpec } from '../../../types/kubernetes.ts';
import { type KubernetesVersion, minor } from '../api/versions.ts';
import { ipAddress, networkFault, sharedAddress } from './addresses.ts';
import { validateLabels } from './metadata.ts';
import { dnsLabel, dnsSubdomain, portNumber, portNumberOrName, qualifiedName } from './names.ts';
import type { Place } from './place.ts';

export function validateService(spec: IServiceSpec, version: KubernetesVersion, place: Place): void {
  const type = spec.type === undefined || spec.type.length === 0 ? 'ClusterIP' : spec.type;
  const isHeadless = spec.clusterIP === 'None' || spec.clusterIPs?.[0] === 'None';
  const { ports = [] } = spec;
  if (ports.length === 0 && !isHeadless && type !== 'ExternalName') place.at('ports').missing();
  if (isHeadless && (type === 'LoadBalancer' || type === 'NodePort')) {
    place.at('clusterIP').invalid(`None is not allowed for a Service of type ${type}`);
  }
  if (type === 'ExternalName') validateExternalName(spec, place);
  else validateAddresses(spec, place);
  validatePorts(spec, type, place);
  validateLabels(spec.selector, place.at('selector'));
  validateTraffic(spec, type, version, place);
}

function validateExternalName(
  { externalName = '', clusterIP = '', ipFamilies = [], ipFamilyPolicy }: IServiceSpec,
  place: Place,
): void {
  if (externalName === '') place.at('externalName').missing();
  else place.at('externalName').check(dnsSubdomain(externalName.replace(/\.$/, '')));
  if (clusterIP !== '') place.at('clusterIP').forbidden('not allowed for a Service of type ExternalName');
  if (ipFamilies.length > 0)
    place.at('ipFamilies').forbidden('not allowed for a Service of type ExternalName');
  if (ipFamilyPolicy !== undefined)
    place.at('ipFamilyPolicy').forbidden('not allowed for a Service of type ExternalName');
}

function validateAddresses(
  { clusterIP = '', clusterIPs = [], ipFamilies = [], ipFamilyPolicy = 'SingleStack' }: IServiceSpec,
  place: Place,
): void {
  if (clusterIP !== '' && clusterIP !== 'None') place.at('clusterIP').check(ipAddress(clusterIP));
  if (clusterIPs.length > 0 && clusterIP !== '' && clusterIPs[0] !== clusterIP) {
    place.at('clusterIPs').invalid('the first must equal clusterIP');
  }
  place.at('ipFamilyPolicy').oneOf(ipFamilyPolicy, ['SingleStack', 'PreferDualStack', 'RequireDualStack']);
  for (const [index, family] of ipFamilies.entries())
    place.at('ipFamilies', index).oneOf(family, ['IPv4', 'IPv6']);
  if (clusterIPs.length > 0 && clusterIP === '')
    place.at('clusterIPs').invalid('allowed only with clusterIP, which must equal the first');
  if (ipFamilies.length > 1 && ipFamilyPolicy === 'SingleStack')
    place.at('ipFamilyPolicy').invalid('must not be SingleStack with two ipFamilies');
  if (clusterIPs.length > 2) place.at('clusterIPs').invalid('at most 2 are allowed');
  place.unique(ipFamilies, (index) => ['ipFamilies', index]);
}

function validatePorts({ ports = [] }: IServiceSpec, type: string, place: Place): void {
  place.unique(
    ports.map(({ name }) => name),
    (index) => ['ports', index, 'name'],
  );
  const protocolOf = (protocol: string | undefined) =>
    protocol === undefined || protocol === '' ? 'TCP' : protocol;
  place.unique(
    ports.map(({ port, protocol }) => `${protocolOf(protocol)} ${port}`),
    (index) => ['ports', index],
  );
  place.unique(
    ports.map(({ nodePort = 0, protocol }) =>
      nodePort === 0 ? undefined : `${protocolOf(protocol)} ${nodePort}`,
    ),
    (index) => ['ports', index, 'nodePort'],
  );
  for (const [index, { name = '', port, targetPort = '', nodePort = 0, appProtocol }] of ports.entries()) {
    const here = place.at('ports', index);
    if (name !== '') here.at('name').check(dnsLabel(name));
    else if (ports.length > 1) here.at('name').missing('name is required when there are several ports');
    here.at('port').check(portNumber(port));
    // none and 0 stand for the same number as `port`
    if (targetPort !== '' && targetPort !== 0) here.at('targetPort').check(portNumberOrName(targetPort));
    if (appProtocol !== undefined) here.at('appProtocol').check(qualifiedName(appProtocol));
    if (nodePort !== 0 && type === 'ClusterIP')
      here.at('nodePort').forbidden('not allowed for a Service of type ClusterIP');
    else here.at('nodePort').check(nodePortFault(nodePort));
  }
}

/** The API server gives the ports of its --service-node-port-range only; this is the default. */
function nodePortFault(port: number): string | undefined {
  return port === 0 || (port >= 30_000 && port <= 32_767)
    ? undefined
    : `${port} is not between 30000 and 32767, the range of node ports`;
}

function validateTraffic(spec: IServiceSpec, type: string, version: KubernetesVersion, place: Place): void {
  const { sessionAffinity, sessionAffinityConfig, trafficDistribution, loadBalancerClass } = spec;
  // the API server drops it beside another affinity
  const timeout =
    sessionAffinity === 'ClientIP' ? sessionAffinityConfig?.clientIP?.timeoutSeconds : undefined;
  if (loadBalancerClass !== undefined) place.at('loadBalancerClass').check(qualifiedName(loadBalancerClass));
  place.at('sessionAffinityConfig', 'clientIP', 'timeoutSeconds').within(timeout, 1, 86_400);
  place.at('internalTrafficPolicy').oneOf(spec.internalTrafficPolicy, ['Cluster', 'Local']);
  validateExternalTraffic(spec, type, place);
  for (const field of [
    'loadBalancerSourceRanges',
    'loadBalancerClass',
    'allocateLoadBalancerNodePorts',
  ] as const) {
    const value = spec[field];
    const isGiven = Array.isArray(value) ? value.length > 0 : value !== undefined;
    if (isGiven && type !== 'LoadBalancer')
      place.at(field).forbidden('allowed only for a Service of type LoadBalancer');
  }
  for (const [index, range] of (spec.loadBalancerSourceRanges ?? []).entries()) {
    place.at('loadBalancerSourceRanges', index).check(networkFault(range.trim(), version));
  }
  const distributions =
    minor(version) >= 34 ? ['PreferClose', 'PreferSameZone', 'PreferSameNode'] : ['PreferClose'];
  place.at('trafficDistribution').oneOf(trafficDistribution, distributions);
}

function validateExternalTraffic(spec: IServiceSpec, type: string, place: Place): void {
  const { externalIPs = [], externalTrafficPolicy = '', healthCheckNodePort = 0 } = spec;
  for (const [index, address] of externalIPs.entries()) {
    place.at('externalIPs', index).check(sharedAddress(address));
  }
  const isExternal =
    type === 'LoadBalancer' || type === 'NodePort' || (type === 'ClusterIP' && externalIPs.length > 0);
  if (externalTrafficPolicy !== '' && !isExternal) {
    place
      .at('externalTrafficPolicy')
      .invalid('allowed only for a Service that is reachable from outside the cluster');
  }
  if (healthCheckNodePort === 0) return;
  if (type !== 'LoadBalancer' || externalTrafficPolicy !== 'Local') {
    place
      .at('healthCheckNodePort')
      .invalid('allowed only with type LoadBalancer and externalTrafficPolicy Local');
  } else place.at('healthCheckNodePort').check(nodePortFault(healthCheckNodePort));
}
