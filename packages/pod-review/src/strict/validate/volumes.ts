import type {
  IDownwardAPIVolumeFile,
  IKeyToPath,
  IProjectedVolumeSource,
  IVolume,
} from '../../../types/kubernetes.ts';
import { compareQuantities, parseQuantity } from '../api/quantity.ts';
import { type KubernetesVersion, minor } from '../api/versions.ts';
import { validateFieldRef, validateResourceRef } from './env.ts';
import { dnsLabel, dnsSubdomain, noBacksteps, plainPath } from './names.ts';
import type { Place } from './place.ts';
import { validateClaimSpec } from './storage.ts';

const volumeFields = [
  'metadata.name',
  'metadata.namespace',
  'metadata.labels',
  'metadata.annotations',
  'metadata.uid',
];

/** The fields that a kind of volume cannot be without, beside those that are looked at one by one. */
const requiredFields: Readonly<Record<string, readonly string[]>> = {
  hostPath: ['path'],
  nfs: ['server', 'path'],
  persistentVolumeClaim: ['claimName'],
  gitRepo: ['repository'],
  csi: ['driver'],
  flexVolume: ['driver'],
  iscsi: ['targetPortal', 'iqn'],
  glusterfs: ['endpoints', 'path'],
  azureFile: ['secretName', 'shareName'],
  azureDisk: ['diskName', 'diskURI'],
  vsphereVolume: ['volumePath'],
  cinder: ['volumeID'],
  gcePersistentDisk: ['pdName'],
  awsElasticBlockStore: ['volumeID'],
  secret: ['secretName'],
  configMap: ['name'],
  rbd: ['image'],
  photonPersistentDisk: ['pdID'],
  portworxVolume: ['volumeID'],
  scaleIO: ['gateway', 'system', 'volumeName'],
  storageos: ['volumeName'],
  quobyte: ['registry', 'volume'],
};

/** Names and sources of the volumes of a pod; gives the names that containers may mount. */
export function validateVolumes(volumes: readonly IVolume[], version: KubernetesVersion, place: Place): void {
  place.unique(
    volumes.map(({ name }) => name),
    (index) => [index, 'name'],
  );
  for (const [index, volume] of volumes.entries()) {
    const here = place.at(index);
    if (volume.name === '') here.at('name').missing();
    else here.at('name').check(dnsLabel(volume.name));
    // none is an emptyDir
    const sources = Object.keys(volume).filter((key) => key !== 'name');
    // the gate of image volumes is on from 1.35; before, the API server drops them and their mounts
    if (volume.image !== undefined && (volume.image.reference ?? '') === '' && minor(version) >= 35)
      here.at('image', 'reference').missing();
    for (const other of sources.slice(1))
      here.at(other).forbidden(`only one source is allowed, and ${sources[0]} is already set`);
    validateSource(volume, here);
  }
}

const hostPathTypes = [
  '',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
  'CharDevice',
  'BlockDevice',
];

function validateSource(volume: IVolume, place: Place): void {
  validateRequiredFields(volume, place);
  if (volume.nfs !== undefined && !/^(\/|$)/.test(volume.nfs.path))
    place.at('nfs', 'path').invalid('must be an absolute path');
  validateDriver(volume, place.at('csi'));
  const { emptyDir, hostPath, secret, configMap, projected, downwardAPI } = volume;
  const limit = parseQuantity(emptyDir?.sizeLimit);
  if (limit !== undefined && compareQuantities(limit, { units: 0n, scale: 0 }) < 0) {
    place.at('emptyDir', 'sizeLimit').forbidden('must not be negative');
  }
  if (hostPath !== undefined) {
    place.at('hostPath', 'path').check(noBacksteps(hostPath.path));
    place.at('hostPath', 'type').oneOf(hostPath.type, hostPathTypes);
  }
  for (const [name, source] of Object.entries({ secret, configMap })) {
    if (source === undefined) continue;
    place.at(name, 'defaultMode').within(source.defaultMode, 0, 0o777);
    validateItems(source.items, place.at(name, 'items'));
  }
  if (downwardAPI !== undefined) {
    place.at('downwardAPI', 'defaultMode').within(downwardAPI.defaultMode, 0, 0o777);
    validateFiles(downwardAPI.items, place.at('downwardAPI', 'items'));
  }
  if (projected !== undefined) validateProjected(projected, place.at('projected'));
  validateEphemeral(volume, place.at('ephemeral', 'volumeClaimTemplate'));
}

function validateRequiredFields(volume: IVolume, place: Place): void {
  for (const [source, fields] of Object.entries(requiredFields)) {
    // every source is a map: `decode` has seen to it
    const given = (volume as unknown as Record<string, Record<string, unknown> | undefined>)[source];
    if (given === undefined) continue;
    for (const field of fields) {
      if (given[field] === undefined || given[field] === '') place.at(source, field).missing();
    }
  }
}

function validateDriver({ csi }: IVolume, place: Place): void {
  const { driver = '', nodePublishSecretRef: secretRef } = csi ?? {};
  if (driver !== '') place.at('driver').check(dnsSubdomain(driver.toLowerCase()));
  if (driver.length > 63) place.at('driver').invalid('longer than 63 characters');
  if (secretRef !== undefined && (secretRef.name ?? '') === '')
    place.at('nodePublishSecretRef', 'name').missing();
}

function validateEphemeral({ ephemeral }: IVolume, place: Place): void {
  if (ephemeral === undefined) return;
  const { volumeClaimTemplate: template } = ephemeral;
  const { name = '' } = template?.metadata ?? {};
  if (name !== '')
    place.at('metadata', 'name').forbidden('not allowed: the name of the claim comes from its pod');
  if (template === undefined) place.missing();
  else validateClaimSpec(template.spec, place.at('spec'));
}

function validateItems(items: readonly IKeyToPath[] = [], place: Place): void {
  for (const [index, { key, path, mode }] of items.entries()) {
    if (key === '') place.at(index, 'key').missing();
    if (path === '') place.at(index, 'path').missing();
    else place.at(index, 'path').check(plainPath(path));
    place.at(index, 'mode').within(mode, 0, 0o777);
  }
}

function validateFiles(items: readonly IDownwardAPIVolumeFile[] = [], place: Place): void {
  for (const [index, { path, mode, fieldRef, resourceFieldRef }] of items.entries()) {
    const here = place.at(index);
    if (path === '') here.at('path').missing();
    else here.at('path').check(plainPath(path));
    here.at('mode').within(mode, 0, 0o777);
    if (fieldRef === undefined && resourceFieldRef === undefined)
      here.missing('expected fieldRef or resourceFieldRef');
    if (fieldRef !== undefined && resourceFieldRef !== undefined)
      here.invalid('expected fieldRef or resourceFieldRef, not both');
    if (fieldRef !== undefined) validateFieldRef(fieldRef, volumeFields, here.at('fieldRef'));
    else if (resourceFieldRef !== undefined) {
      if ((resourceFieldRef.containerName ?? '') === '')
        here.at('resourceFieldRef', 'containerName').missing();
      else validateResourceRef(resourceFieldRef, here.at('resourceFieldRef'));
    }
  }
}

function validateProjected({ defaultMode, sources = [] }: IProjectedVolumeSource, place: Place): void {
  place.at('defaultMode').within(defaultMode, 0, 0o777);
  const paths: string[] = [];
  for (const [index, source] of sources.entries()) {
    const here = place.at('sources', index);
    const kinds = Object.keys(source);
    if (kinds.length > 1) here.forbidden(`only one source is allowed in each entry, got ${kinds.join(', ')}`);
    for (const name of ['secret', 'configMap'] as const) {
      const given = source[name];
      if (given === undefined) continue;
      if ((given.name ?? '') === '') here.at(name, 'name').missing();
      validateItems(given.items, here.at(name, 'items'));
      for (const { path } of given.items ?? []) paths.push(path);
    }
    validateFiles(source.downwardAPI?.items, here.at('downwardAPI', 'items'));
    for (const { path } of source.downwardAPI?.items ?? []) paths.push(path);
    const token = source.serviceAccountToken;
    if (token === undefined) continue;
    here.at('serviceAccountToken', 'expirationSeconds').within(token.expirationSeconds, 600, 2 ** 32);
    if (token.path === '') here.at('serviceAccountToken', 'path').missing();
    else here.at('serviceAccountToken', 'path').check(plainPath(token.path));
  }
  if (new Set(paths.filter(Boolean)).size < paths.filter(Boolean).length)
    place.at('sources').invalid('two files have the same path');
}
