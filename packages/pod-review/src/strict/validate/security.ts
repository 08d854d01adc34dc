import type { IPodSpec, ISecurityContext } from '../../../types/kubernetes.ts';
import { quote } from '../api/decode.ts';
import { descendingPath, type NameForm } from './names.ts';
import type { Place } from './place.ts';

const mostId = 2 ** 31 - 1;

export function validateSecurityContext(
  context: ISecurityContext | undefined,
  hasHostUsers: boolean,
  place: Place,
): void {
  if (context === undefined) return;
  place.at('runAsUser').within(context.runAsUser, 0, mostId);
  place.at('runAsGroup').within(context.runAsGroup, 0, mostId);
  place.at('procMount').oneOf(context.procMount, ['Default', 'Unmasked']);
  if (context.procMount === 'Unmasked' && hasHostUsers) {
    place.at('procMount').invalid('Unmasked needs hostUsers: false');
  }
  validateProfile(context.seccompProfile, place.at('seccompProfile'));
  validateProfile(context.appArmorProfile, place.at('appArmorProfile'), appArmorName);
  if (context.allowPrivilegeEscalation !== false) return;
  if (context.privileged === true) {
    place.at('allowPrivilegeEscalation').invalid('cannot be false when privileged is true');
  }
  if (context.capabilities?.add?.includes('CAP_SYS_ADMIN')) {
    place.at('allowPrivilegeEscalation').invalid('cannot be false when CAP_SYS_ADMIN is added');
  }
}

export function validatePodSecurityContext(spec: IPodSpec, place: Place): void {
  const { securityContext: context } = spec;
  if (context === undefined) return;
  place.at('runAsUser').within(context.runAsUser, 0, mostId);
  place.at('runAsGroup').within(context.runAsGroup, 0, mostId);
  place.at('fsGroup').within(context.fsGroup, 0, mostId);
  for (const [index, id] of (context.supplementalGroups ?? []).entries()) {
    place.at('supplementalGroups', index).within(id, 0, mostId);
  }
  place.at('fsGroupChangePolicy').oneOf(context.fsGroupChangePolicy, ['Always', 'OnRootMismatch']);
  place.at('seLinuxChangePolicy').oneOf(context.seLinuxChangePolicy, ['MountOption', 'Recursive']);
  validateProfile(context.seccompProfile, place.at('seccompProfile'));
  validateProfile(context.appArmorProfile, place.at('appArmorProfile'), appArmorName);
  const { sysctls = [] } = context;
  place.unique(
    sysctls.map(({ name }) => name),
    (index) => ['sysctls', index, 'name'],
  );
  for (const [index, { name }] of sysctls.entries()) {
    const here = place.at('sysctls', index, 'name');
    if (name === '') here.missing();
    else if (name.length > 253) here.invalid('longer than 253 characters');
    else if (!/^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/.test(name)) {
      here.invalid(`${JSON.stringify(name)} is not a sysctl name`);
    }
    if (spec.hostNetwork === true && /^net[./]/.test(name))
      here.invalid('not allowed when hostNetwork is true');
    if (spec.hostIPC === true && /^(kernel[./](shm|msg|sem)|fs[./]mqueue[./])/.test(name))
      here.invalid('not allowed when hostIPC is true');
  }
}

interface Profile {
  readonly type: string;
  readonly localhostProfile?: string | undefined;
}

/** A profile that the kernel has loaded, by its name; a seccomp profile is a file below kubelet's folder. */
const appArmorName: NameForm = (text) => {
  if (text.trim() === '' || text.trim() !== text)
    return `${quote(text)} is empty, or begins or ends with white space`;
  return Buffer.byteLength(text) > 4095 ? 'longer than 4095 bytes' : undefined;
};

function validateProfile(profile: Profile | undefined, place: Place, form = descendingPath): void {
  if (profile === undefined) return;
  const { type, localhostProfile } = profile;
  if (type === '') {
    place.at('type').missing();
    return;
  }
  if (type !== 'Localhost' && localhostProfile !== undefined) {
    place.at('localhostProfile').invalid('allowed only when type is Localhost');
  }
  if (type === 'Localhost' && localhostProfile === undefined) {
    place.at('localhostProfile').missing('localhostProfile is required when type is Localhost');
  }
  if (type === 'Localhost' && localhostProfile !== undefined) {
    place.at('localhostProfile').check(form(localhostProfile));
  }
}
