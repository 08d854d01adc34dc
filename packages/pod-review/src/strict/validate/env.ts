import type { IContainer, IEnvVar } from '../../../types/kubernetes.ts';
import { compareQuantities, parseQuantity } from '../api/quantity.ts';
import { type KubernetesVersion, minor } from '../api/versions.ts';
import { configKey, dnsSubdomain, envName, noBacksteps, qualifiedName } from './names.ts';
import type { Place } from './place.ts';

const envFields = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  // v1 still reads this as spec.nodeName
  'spec.host',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];

const sourceNames = [
  'fieldRef',
  'resourceFieldRef',
  'configMapKeyRef',
  'secretKeyRef',
  'fileKeyRef',
] as const;

/** `env` and `envFrom` of a container. */
export function validateEnv(container: IContainer, version: KubernetesVersion, place: Place): void {
  for (const [index, variable] of (container.env ?? []).entries()) {
    const here = place.at('env', index);
    if (variable.name === '') here.at('name').missing();
    else here.at('name').check(envName(variable.name));
    if (variable.valueFrom !== undefined) validateValueFrom(variable, version, here.at('valueFrom'));
  }
  for (const [index, { prefix = '', configMapRef, secretRef }] of (container.envFrom ?? []).entries()) {
    const here = place.at('envFrom', index);
    if (prefix !== '') here.at('prefix').check(envName(prefix));
    if (configMapRef === undefined && secretRef === undefined) {
      here.invalid('expected configMapRef or secretRef');
    }
    if (configMapRef !== undefined && secretRef !== undefined)
      here.invalid('expected configMapRef or secretRef, not both');
    if (configMapRef !== undefined) validateReference(configMapRef.name, here.at('configMapRef', 'name'));
    if (secretRef !== undefined) validateReference(secretRef.name, here.at('secretRef', 'name'));
  }
}

/** The name of another object. */
function validateReference(name: string | undefined, place: Place): void {
  if (name === undefined || name === '') place.missing();
  else place.check(dnsSubdomain(name));
}

function validateValueFrom(
  { value = '', valueFrom = {} }: IEnvVar,
  version: KubernetesVersion,
  place: Place,
): void {
  // the gate of fileKeyRef is on from 1.35; before, the API server drops it and finds no source
  const known = sourceNames.filter((name) => name !== 'fileKeyRef' || minor(version) >= 35);
  const given = known.filter((name) => valueFrom[name] !== undefined);
  if (given.length === 0) place.invalid(`expected one of ${known.join(', ')}`);
  else if (value !== '') place.invalid('value and valueFrom are mutually exclusive');
  else if (given.length > 1) place.invalid(`expected only one of ${given.join(', ')}`);

  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef } = valueFrom;
  if (fileKeyRef !== undefined && minor(version) >= 35) {
    const here = place.at('fileKeyRef');
    for (const field of ['volumeName', 'path', 'key'] as const) {
      if (fileKeyRef[field] === '') here.at(field).missing();
    }
    if (fileKeyRef.path !== '') here.at('path').check(noBacksteps(fileKeyRef.path));
    if (fileKeyRef.key !== '') here.at('key').check(envName(fileKeyRef.key));
  }
  if (fieldRef !== undefined) validateFieldRef(fieldRef, envFields, place.at('fieldRef'));
  if (resourceFieldRef !== undefined) validateResourceRef(resourceFieldRef, place.at('resourceFieldRef'));
  for (const [name, reference] of Object.entries({ configMapKeyRef, secretKeyRef })) {
    if (reference === undefined) continue;
    // an empty name is refused here though not in envFrom's message; both forms are subdomains
    place.at(name, 'name').check(dnsSubdomain(reference.name ?? ''));
    if (reference.key === '') place.at(name, 'key').missing();
    else place.at(name, 'key').check(configKey(reference.key));
  }
}

interface FieldRef {
  readonly apiVersion?: string | undefined;
  readonly fieldPath: string;
}

/** A field of the pod that becomes a variable or a file. */
export function validateFieldRef(
  { apiVersion = 'v1', fieldPath }: FieldRef,
  fields: readonly string[],
  place: Place,
): void {
  if (apiVersion !== 'v1' && apiVersion !== '') {
    place.at('apiVersion').invalid(`${JSON.stringify(apiVersion)} is not v1`);
  }
  if (fieldPath === '') {
    place.at('fieldPath').missing();
    return;
  }
  const [, base, key] = /^(metadata\.(?:labels|annotations))\['(.*)'\]$/.exec(fieldPath) ?? [];
  if (base !== undefined && key !== undefined) {
    place.at('fieldPath').check(qualifiedName(base === 'metadata.annotations' ? key.toLowerCase() : key));
  } else if (!fields.includes(fieldPath)) {
    place
      .at('fieldPath')
      .invalid(
        `${JSON.stringify(fieldPath)} is not one of ${fields.join(', ')}, metadata.labels['KEY'], metadata.annotations['KEY']`,
      );
  }
}

interface ResourceRef {
  readonly resource: string;
  readonly divisor?: string | number | undefined;
}

const cpuDivisors = ['1m', '1'];
const byteDivisors = ['', 'k', 'M', 'G', 'T', 'P', 'E', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'].map(
  (unit) => `1${unit}`,
);

/** A request or limit of a container that becomes a variable or a file. */
export function validateResourceRef({ resource, divisor = '0' }: ResourceRef, place: Place): void {
  if (resource === '') {
    place.at('resource').missing();
    return;
  }
  if (!/^(limits|requests)\.(cpu|memory|ephemeral-storage|hugepages-.*)$/.test(resource)) {
    place
      .at('resource')
      .invalid(
        `${JSON.stringify(resource)} is not one of limits or requests of cpu, memory, ephemeral-storage`,
      );
    return;
  }
  const allowed = resource.endsWith('.cpu') ? cpuDivisors : byteDivisors;
  // 0 stands for none
  if (!['0', ...allowed].some((known) => isSame(known, divisor)))
    place.at('divisor').invalid(`${divisor} is not one of ${allowed.join(', ')}`);
}

function isSame(known: string, given: string | number): boolean {
  const [a, b] = [parseQuantity(known), parseQuantity(given)];
  // a value that is not a quantity has been reported as a wrong type
  return a === undefined || b === undefined || compareQuantities(a, b) === 0;
}
