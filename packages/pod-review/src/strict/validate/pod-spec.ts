import type { IPodSpec, IPodTemplateSpec } from '../../../types/kubernetes.ts';
import { compareQuantities, parseQuantity, roundUp } from '../api/quantity.ts';
import { effectiveRequests } from '../api/requests.ts';
import { type KubernetesVersion, minor } from '../api/versions.ts';
import { ipAddress } from './addresses.ts';
import { type PodFacts, validateContainers } from './containers.ts';
import { validateTemplateMetadata } from './metadata.ts';
import { dnsLabel, dnsSubdomain, looseSubdomain, qualifiedName } from './names.ts';
import { validateOs } from './os.ts';
import type { Place } from './place.ts';
import { validateResources } from './resources.ts';
import { validateScheduling } from './scheduling.ts';
import { validatePodSecurityContext } from './security.ts';
import { validateVolumes } from './volumes.ts';

export interface PodContext {
  readonly version: KubernetesVersion;
  /** Whether it is a Pod, whose every default is filled in at once, and no template. */
  readonly isPod?: boolean;
  /** Volumes that come from elsewhere: a StatefulSet's claims. */
  readonly claimNames?: readonly string[];
}

/** A pod template: labels, annotations, spec. */
export function validateTemplate(template: IPodTemplateSpec, context: PodContext, place: Place): void {
  validateTemplateMetadata(template.metadata, place.at('metadata'));
  // an object without a spec has no containers either
  validatePodSpec(template.spec ?? { containers: [] }, context, place.at('spec'));
  if ((template.spec?.ephemeralContainers ?? []).length > 0) {
    place.at('spec', 'ephemeralContainers').forbidden('not allowed in a template');
  }
}

/** ValidatePodSpec of k8s.io/kubernetes/pkg/apis/core/validation, as far as manifests meet it. */
export function validatePodSpec(
  spec: IPodSpec,
  { version, claimNames = [], isPod = false }: PodContext,
  place: Place,
): void {
  const { volumes = [], resourceClaims = [] } = spec;
  validateVolumes(volumes, version, place.at('volumes'));
  // resource claims came with 1.34; before, the API server drops them
  if (minor(version) >= 34) validateClaims(resourceClaims, place.at('resourceClaims'));
  const facts: PodFacts = {
    version,
    graceSeconds: graceOf(spec),
    isPod,
    volumes: new Map([
      ...claimNames.map((name) => [name, { isClaim: true }] as const),
      ...volumes.map((volume) => [volume.name, { isClaim: isClaim(volume) }] as const),
    ]),
    claims: new Set(resourceClaims.map(({ name }) => name)),
    hasHostUsers: spec.hostUsers !== false,
    podRestartPolicy: spec.restartPolicy ?? 'Always',
  };
  validateContainers(spec, facts, place);
  // the gate of pod-level resources is on from 1.34; before, the API server drops them
  if (minor(version) >= 34) validatePodResources(spec, place);
  validateResources({ limits: spec.overhead }, new Set(), place.at('overhead'));
  validatePodSecurityContext(spec, place.at('securityContext'));
  validateScheduling(spec, place);
  validateNames(spec, place);
  // the gate of hostnameOverride is on from 1.35
  if (minor(version) >= 35) validateHostnameOverride(spec, place.at('hostnameOverride'));
  validateDns(spec, place);
  validateHost(spec, version, place);
  validateOs(spec, place);
}

/** The grace period as the API server reads it: a negative one becomes 1. */
function graceOf({ terminationGracePeriodSeconds: seconds = 30 }: IPodSpec): number {
  return seconds < 0 ? 1 : seconds;
}

function validateClaims(claims: NonNullable<IPodSpec['resourceClaims']>, place: Place): void {
  place.unique(
    claims.map(({ name }) => name),
    (index) => [index, 'name'],
  );
  for (const [index, { name, resourceClaimName, resourceClaimTemplateName }] of claims.entries()) {
    if (name === '') place.at(index, 'name').missing();
    else place.at(index, 'name').check(dnsLabel(name));
    for (const [field, other] of Object.entries({ resourceClaimName, resourceClaimTemplateName })) {
      if (other !== undefined) place.at(index, field).check(dnsSubdomain(other));
    }
    if ((resourceClaimName === undefined) === (resourceClaimTemplateName === undefined))
      place.at(index).invalid('expected resourceClaimName or resourceClaimTemplateName, not both');
  }
}

const isClaim = (volume: { persistentVolumeClaim?: unknown; ephemeral?: unknown }) =>
  volume.persistentVolumeClaim !== undefined || volume.ephemeral !== undefined;

function validateNames(spec: IPodSpec, place: Place): void {
  place.at('activeDeadlineSeconds').within(spec.activeDeadlineSeconds, 1, 2 ** 31 - 1);
  for (const field of ['serviceAccountName', 'nodeName', 'priorityClassName', 'runtimeClassName'] as const) {
    const name = spec[field] ?? '';
    if (name !== '') place.at(field).check(dnsSubdomain(name));
  }
  for (const field of ['hostname', 'subdomain'] as const) {
    const name = spec[field] ?? '';
    if (name !== '') place.at(field).check(dnsLabel(name));
  }
  for (const [index, { conditionType }] of (spec.readinessGates ?? []).entries()) {
    place.at('readinessGates', index, 'conditionType').check(qualifiedName(conditionType));
  }
  for (const [index, { name }] of (spec.schedulingGates ?? []).entries()) {
    place.at('schedulingGates', index, 'name').check(qualifiedName(name));
  }
  place.unique(
    (spec.schedulingGates ?? []).map(({ name }) => name),
    (index) => ['schedulingGates', index, 'name'],
  );
  for (const [index, { ip, hostnames = [] }] of (spec.hostAliases ?? []).entries()) {
    place.at('hostAliases', index, 'ip').check(ipAddress(ip));
    for (const [at, name] of hostnames.entries()) {
      place.at('hostAliases', index, 'hostnames', at).check(dnsSubdomain(name));
    }
  }
}

/** The name that the pod sees as its own whatever the node says. */
function validateHostnameOverride(spec: IPodSpec, place: Place): void {
  const { hostnameOverride } = spec;
  if (hostnameOverride === undefined) return;
  for (const field of ['setHostnameAsFQDN', 'hostNetwork'] as const) {
    if (spec[field] === true) place.forbidden(`not allowed when ${field} is true`);
  }
  if (hostnameOverride.length > 64) place.invalid('longer than 64 characters');
  place.check(dnsSubdomain(hostnameOverride));
}

function validateDns({ dnsPolicy, dnsConfig }: IPodSpec, place: Place): void {
  const { nameservers = [], searches = [], options = [] } = dnsConfig ?? {};
  const here = place.at('dnsConfig');
  if (dnsPolicy === 'None' && dnsConfig === undefined)
    here.missing('dnsConfig is required when dnsPolicy is None');
  else if (dnsPolicy === 'None' && nameservers.length === 0)
    here.at('nameservers').missing('at least one is required when dnsPolicy is None');
  if (nameservers.length > 3) here.at('nameservers').invalid('at most 3 are allowed');
  for (const [index, server] of nameservers.entries()) here.at('nameservers', index).check(ipAddress(server));
  for (const [index, { name = '' }] of options.entries()) {
    if (name === '') here.at('options', index, 'name').missing();
  }
  if (searches.join(' ').length > 2048) here.at('searches').invalid('longer than 2048 characters in total');
  if (searches.length > 32) here.at('searches').invalid('at most 32 are allowed');
  for (const [index, search] of searches.entries()) {
    if (search !== '.') here.at('searches', index).check(looseSubdomain(search.replace(/\.$/, '')));
  }
}

/** Requests of the pod as a whole: at least those of its containers, and at least each of their limits. */
function validatePodResources(spec: IPodSpec, place: Place): void {
  const { resources, ...withoutOwn } = spec;
  if (resources === undefined) return;
  if (spec.os?.name === 'windows') {
    place.at('resources').forbidden('not allowed in a pod for Windows');
    return;
  }
  for (const list of ['requests', 'limits'] as const) {
    for (const name of Object.keys(resources[list] ?? {})) {
      if (!/^(cpu|memory|hugepages-.*)$/.test(name))
        place.at('resources', list, name).invalid(`${name} is not one of cpu, memory, hugepages-SIZE`);
    }
  }
  validateResources(resources, new Set(), place.at('resources'));
  if (resources.claims !== undefined) place.at('resources', 'claims').forbidden('allowed only in containers');
  const { cpuMillis, memoryBytes } = effectiveRequests({ ...withoutOwn, overhead: {} });
  for (const [name, least, digits] of [
    ['cpu', cpuMillis, 3],
    ['memory', memoryBytes, 0],
  ] as const) {
    const own = parseQuantity(resources.requests?.[name]);
    if (own !== undefined && roundUp(own, digits) < least) {
      place
        .at('resources', 'requests', name)
        .invalid(`${resources.requests?.[name]} is less than the sum of its containers' requests`);
    }
    const most = parseQuantity(resources.limits?.[name]);
    // a missing request becomes the sum of the containers' requests
    if (own === undefined && most !== undefined && roundUp(most, digits) < least)
      place.at('resources', 'limits', name).invalid("less than the sum of its containers' requests");
    for (const [index, container] of spec.containers.entries()) {
      const limit = parseQuantity(container.resources?.limits?.[name]);
      if (most === undefined || limit === undefined || compareQuantities(limit, most) <= 0) continue;
      place
        .at('containers', index, 'resources', 'limits', name)
        .invalid(`more than the limit of the pod (${resources.limits?.[name]})`);
    }
  }
}

function validateHost(spec: IPodSpec, version: KubernetesVersion, place: Place): void {
  if (spec.shareProcessNamespace === true && spec.hostPID === true) {
    place.at('shareProcessNamespace').invalid('cannot be true when hostPID is true');
  }
  if (spec.hostUsers !== false) return;
  for (const field of ['containers', 'initContainers'] as const) {
    for (const [index, { volumeDevices = [] }] of (spec[field] ?? []).entries()) {
      if (volumeDevices.length > 0 && minor(version) >= 34)
        place.at(field, index, 'volumeDevices').forbidden('not allowed when hostUsers is false');
    }
  }
  for (const field of ['hostNetwork', 'hostPID', 'hostIPC'] as const) {
    if (spec[field] === true) place.at(field).forbidden('cannot be true when hostUsers is false');
  }
}
