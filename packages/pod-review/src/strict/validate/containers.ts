import type { IContainer, IContainerPort, IPodSpec, IVolumeMount } from '../../../types/kubernetes.ts';
import { type KubernetesVersion, minor } from '../api/versions.ts';
import { validateEnv } from './env.ts';
import { descendingPath, dnsLabel, noBacksteps, portName, portNumber } from './names.ts';
import type { Place } from './place.ts';
import { validateProbes } from './probes.ts';
import { validateResources } from './resources.ts';
import { validateRestartRules } from './restart-rules.ts';
import { validateSecurityContext } from './security.ts';

/** Context for checking the containers of a pod. */
export interface PodFacts {
  readonly version: KubernetesVersion;
  readonly graceSeconds: number;
  readonly isPod: boolean;
  /** Names that can be mounted, with whether the volume is a claim (and so may be a device). */
  readonly volumes: ReadonlyMap<string, { readonly isClaim: boolean }>;
  readonly claims: ReadonlySet<string>;
  readonly hasHostUsers: boolean;
  readonly podRestartPolicy: string;
}

export function validateContainers(spec: IPodSpec, facts: PodFacts, place: Place): void {
  const { containers, initContainers = [] } = spec;
  if (containers.length === 0) place.at('containers').missing('a pod needs at least one container');
  for (const [index, container] of containers.entries()) {
    const here = place.at('containers', index);
    validateContainer(container, facts, here);
    validateProbes(container, facts.graceSeconds, here);
    validateRestartRules(container, { version: facts.version, isInit: false }, here);
  }
  for (const [index, container] of initContainers.entries()) {
    const here = place.at('initContainers', index);
    validateContainer(container, facts, here);
    validateInit(container, facts, here);
    validateHostPorts([container], (_, port) => here.at('ports', port, 'hostPort'));
  }
  const inits = containers.length;
  place.unique(
    [...containers, ...initContainers].map(({ name }) => name),
    (index) => (index < inits ? ['containers', index, 'name'] : ['initContainers', index - inits, 'name']),
  );
  // on the node's network a Pod's ports are the node's; a template's become so in its pods
  const onNode = spec.hostNetwork === true && facts.isPod ? containers.map(withHostPorts) : containers;
  validateHostPorts(onNode, (container, port) =>
    place.at('containers', container, 'ports', port, 'hostPort'),
  );
  if (spec.hostNetwork === true) validateHostNetwork(containers, place.at('containers'));
}

const withHostPorts = (container: IContainer): IContainer => ({
  ...container,
  ports: (container.ports ?? []).map((port) => ({ ...port, hostPort: port.hostPort ?? port.containerPort })),
});

/** Probes and hooks are for sidecars and apps; a plain init container ends before the app. */
function validateInit(container: IContainer, facts: PodFacts, place: Place): void {
  validateRestartRules(container, { version: facts.version, isInit: true }, place);
  if (container.restartPolicy === 'Always') {
    validateProbes(container, facts.graceSeconds, place);
    return;
  }
  if (minor(facts.version) >= 36) {
    for (const [index, { restartPolicy }] of (container.resizePolicy ?? []).entries()) {
      if (restartPolicy === 'RestartContainer')
        place.at('resizePolicy', index, 'restartPolicy').invalid('an init container cannot be restarted');
    }
  }
  for (const field of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
    if (container[field] !== undefined) {
      place.at(field).forbidden(`an init container without restartPolicy: Always must not have a ${field}`);
    }
  }
}

function validateContainer(container: IContainer, facts: PodFacts, place: Place): void {
  if (container.name === '') place.at('name').missing();
  else place.at('name').check(dnsLabel(container.name));
  if ((container.image ?? '') === '') place.at('image').missing();
  validatePorts(container.ports ?? [], place.at('ports'));
  validateEnv(container, facts.version, place);
  validateMounts(container, facts, place);
  validateDevices(container, facts, place);
  const { claims, ...withoutClaims } = container.resources ?? {};
  // before 1.34 the API server drops claims
  const resources = minor(facts.version) >= 34 ? { ...withoutClaims, claims } : withoutClaims;
  validateResources(resources, facts.claims, place.at('resources'));
  validateSecurityContext(container.securityContext, facts.hasHostUsers, place.at('securityContext'));
  const { resizePolicy = [] } = container;
  place.unique(
    resizePolicy.map(({ resourceName }) => resourceName),
    (index) => ['resizePolicy', index, 'resourceName'],
  );
  for (const [index, { resourceName, restartPolicy }] of resizePolicy.entries()) {
    const here = place.at('resizePolicy', index);
    here.at('resourceName').oneOf(resourceName, ['cpu', 'memory']);
    here.at('restartPolicy').oneOf(restartPolicy, ['NotRequired', 'RestartContainer']);
    if (facts.podRestartPolicy === 'Never' && restartPolicy === 'RestartContainer') {
      here.at('restartPolicy').invalid('must be NotRequired when the pod is never restarted');
    }
  }
}

function validatePorts(ports: readonly IContainerPort[], place: Place): void {
  place.unique(
    ports.map(({ name }) => name),
    (index) => [index, 'name'],
  );
  for (const [index, { name = '', containerPort, hostPort = 0 }] of ports.entries()) {
    if (name !== '') place.at(index, 'name').check(portName(name));
    if (containerPort === 0) place.at(index, 'containerPort').missing();
    else place.at(index, 'containerPort').check(portNumber(containerPort));
    if (hostPort !== 0) place.at(index, 'hostPort').check(portNumber(hostPort));
  }
}

function validateMounts(
  { volumeMounts = [], volumeDevices = [], securityContext }: IContainer,
  facts: PodFacts,
  place: Place,
): void {
  const paths = new Set<string>();
  for (const [index, mount] of volumeMounts.entries()) {
    const here = place.at('volumeMounts', index);
    const volume = facts.volumes.get(mount.name);
    if (mount.name === '') here.at('name').missing();
    else if (volume === undefined) here.at('name').noVolume(mount.name);
    if (mount.mountPath === '') here.at('mountPath').missing();
    else if (paths.has(mount.mountPath)) here.at('mountPath').invalid(`${mount.mountPath} is mounted twice`);
    paths.add(mount.mountPath);
    if (volumeDevices.some(({ devicePath }) => devicePath === mount.mountPath))
      here.at('mountPath').invalid(`${mount.mountPath} is also the path of a device`);
    validateSubPath(mount, here);
    if (mount.mountPropagation === 'Bidirectional' && securityContext?.privileged !== true) {
      here.at('mountPropagation').forbidden('Bidirectional is allowed only in privileged containers');
    }
    validateRecursiveReadOnly(mount, here.at('recursiveReadOnly'));
  }
}

function validateRecursiveReadOnly(mount: IVolumeMount, place: Place): void {
  const { recursiveReadOnly = 'Disabled', readOnly, mountPropagation = 'None' } = mount;
  place.oneOf(recursiveReadOnly, ['Disabled', 'IfPossible', 'Enabled']);
  if (recursiveReadOnly === 'Disabled') return;
  if (readOnly !== true) place.forbidden('allowed only when readOnly is true');
  if (mountPropagation !== 'None') place.forbidden('allowed only when mountPropagation is None');
}

function validateDevices(
  { volumeMounts = [], volumeDevices = [] }: IContainer,
  facts: PodFacts,
  place: Place,
): void {
  for (const field of ['name', 'devicePath'] as const) {
    place.unique(
      volumeDevices.map((device) => device[field]),
      (index) => ['volumeDevices', index, field],
    );
  }
  for (const [index, { name, devicePath }] of volumeDevices.entries()) {
    const here = place.at('volumeDevices', index);
    const volume = facts.volumes.get(name);
    if (volume === undefined) here.at('name').noVolume(name);
    else if (!volume.isClaim) here.at('name').invalid(`${name} is not a persistentVolumeClaim`);
    if (volumeMounts.some((mount) => mount.name === name))
      here.at('name').invalid(`${name} is also mounted as a file system`);
    if (devicePath === '') here.at('devicePath').missing();
    else here.at('devicePath').check(noBacksteps(devicePath));
  }
}

function validateSubPath({ subPath = '', subPathExpr = '' }: IVolumeMount, place: Place): void {
  if (subPath !== '') place.at('subPath').check(descendingPath(subPath));
  if (subPathExpr !== '') place.at('subPathExpr').check(descendingPath(subPathExpr));
  if (subPath !== '' && subPathExpr !== '')
    place.at('subPathExpr').invalid('subPath and subPathExpr are mutually exclusive');
}

function validateHostPorts(
  containers: readonly IContainer[],
  placeOf: (container: number, port: number) => Place,
): void {
  const taken = new Set<string>();
  for (const [index, { ports = [] }] of containers.entries()) {
    for (const [at, { hostPort = 0, hostIP = '', protocol = 'TCP' }] of ports.entries()) {
      if (hostPort === 0) continue;
      const key = `${protocol}/${hostIP}/${hostPort}`;
      if (taken.has(key)) placeOf(index, at).duplicate(hostPort);
      taken.add(key);
    }
  }
}

/** On the node's network a container's port is the node's; left out, it is filled in. */
function validateHostNetwork(containers: readonly IContainer[], place: Place): void {
  for (const [index, { ports = [] }] of containers.entries()) {
    for (const [at, { hostPort = 0, containerPort }] of ports.entries()) {
      if (hostPort !== 0 && hostPort !== containerPort) {
        place.at(index, 'ports', at, 'hostPort').invalid(`must be ${containerPort} when hostNetwork is true`);
      }
    }
  }
}
