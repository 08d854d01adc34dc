import type {
  IContainer,
  IPodSecurityContext,
  IPodSpec,
  ISecurityContext,
} from '../../../types/kubernetes.ts';
import { dnsSubdomain } from './names.ts';
import type { Place } from './place.ts';

type WindowsOptions = NonNullable<IPodSecurityContext['windowsOptions']>;

/** Fields without a meaning on Windows: validateWindows of k8s.io/kubernetes/pkg/apis/core/validation. */
const linuxOnlyOfPodContext = [
  'appArmorProfile',
  'fsGroup',
  'fsGroupChangePolicy',
  'runAsGroup',
  'runAsUser',
  'seLinuxChangePolicy',
  'seLinuxOptions',
  'seccompProfile',
  'supplementalGroups',
  'supplementalGroupsPolicy',
  'sysctls',
] as const;
const linuxOnlyOfContext = [
  'allowPrivilegeEscalation',
  'appArmorProfile',
  'capabilities',
  'privileged',
  'procMount',
  'readOnlyRootFilesystem',
  'runAsGroup',
  'runAsUser',
  'seLinuxOptions',
  'seccompProfile',
] as const;

/** The operating system of a pod, and its fields for Windows. */
export function validateOs(spec: IPodSpec, place: Place): void {
  const { os, securityContext } = spec;
  place.at('os', 'name').oneOf(os?.name, ['linux', 'windows']);
  if (os?.name === 'linux') refuseWindows(spec, place);
  if (os?.name === 'windows') refuseLinux(spec, place);
  validateWindowsOptions(securityContext?.windowsOptions, place.at('securityContext', 'windowsOptions'));
  for (const [container, here] of contained(spec, place)) {
    const options = container.securityContext?.windowsOptions;
    validateWindowsOptions(options, here.at('securityContext', 'windowsOptions'));
  }
  validateHostProcess(spec, place);
}

function* contained(spec: IPodSpec, place: Place): Generator<[IContainer, Place]> {
  for (const field of ['initContainers', 'containers'] as const) {
    for (const [index, container] of (spec[field] ?? []).entries()) {
      yield [container, place.at(field, index)];
    }
  }
}

function refuseWindows(spec: IPodSpec, place: Place): void {
  const contexts: [ISecurityContext | IPodSecurityContext | undefined, Place][] = [
    [spec.securityContext, place],
  ];
  for (const [container, here] of contained(spec, place)) contexts.push([container.securityContext, here]);
  for (const [context, here] of contexts) {
    if (context?.windowsOptions === undefined) continue;
    here.at('securityContext', 'windowsOptions').forbidden('not allowed in a pod for Linux');
  }
}

function refuseLinux(spec: IPodSpec, place: Place): void {
  const why = 'not allowed in a pod for Windows';
  for (const field of ['hostPID', 'hostIPC'] as const) {
    if (spec[field] === true) place.at(field).forbidden(why);
  }
  // pointers in the API, where false is as much as true
  for (const field of ['hostUsers', 'shareProcessNamespace'] as const) {
    if (spec[field] !== undefined) place.at(field).forbidden(why);
  }
  for (const field of linuxOnlyOfPodContext) {
    if (spec.securityContext?.[field] !== undefined) place.at('securityContext', field).forbidden(why);
  }
  for (const [container, here] of contained(spec, place)) {
    for (const field of linuxOnlyOfContext) {
      if (container.securityContext?.[field] !== undefined) here.at('securityContext', field).forbidden(why);
    }
  }
}

function validateWindowsOptions(options: WindowsOptions | undefined, place: Place): void {
  const { gmsaCredentialSpecName: specName, gmsaCredentialSpec: spec, runAsUserName: user } = options ?? {};
  if (specName !== undefined) place.at('gmsaCredentialSpecName').check(dnsSubdomain(specName));
  if (spec === '') place.at('gmsaCredentialSpec').invalid('must not be empty');
  if (user !== undefined) place.at('runAsUserName').check(userFault(user));
}

/** `DOMAIN\\user` or `user`, as Windows has them. */
function userFault(name: string): string | undefined {
  const parts = name.split('\\');
  const [user = '', domain = ''] = parts.reverse();
  if (name === '' || parts.length > 2 || /\p{Cc}/u.test(name)) return 'must be USER or DOMAIN\\USER';
  if (user.length > 104 || domain.length > 255)
    return 'longer than 255 characters for the domain and 104 for the user';
  return user === '' || /^[. ]+$/.test(user) || /["/:;|=,+*?<>@[\]]/.test(user)
    ? `${JSON.stringify(user)} is not a user name`
    : undefined;
}

/** Either all containers are host processes, and the pod is in the host's network, or none is. */
function validateHostProcess(spec: IPodSpec, place: Place): void {
  const ofPod = spec.securityContext?.windowsOptions?.hostProcess;
  const all = [...contained(spec, place)].map(
    ([{ securityContext }]) => securityContext?.windowsOptions?.hostProcess ?? ofPod ?? false,
  );
  if (!all.includes(true)) return;
  if (all.includes(false)) place.invalid('either all containers must be Windows host processes, or none');
  if (spec.hostNetwork !== true) place.at('hostNetwork').invalid('must be true when hostProcess is true');
}
