import type { IContainer, ILifecycleHandler, IProbe } from '../../../types/kubernetes.ts';
import { type Check, hasOwnUsers, ofContainers, ofContexts, ofPod, type Subject, unless } from './check.ts';

const capabilities = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

/** Safe sysctls with the minor version that admits them. */
const sysctls: ReadonlyMap<string, number> = new Map([
  ['kernel.shm_rmid_forced', 0],
  ['net.ipv4.ip_local_port_range', 0],
  ['net.ipv4.tcp_syncookies', 0],
  ['net.ipv4.ping_group_range', 0],
  ['net.ipv4.ip_unprivileged_port_start', 0],
  ['net.ipv4.ip_local_reserved_ports', 27],
  ['net.ipv4.tcp_keepalive_time', 29],
  ['net.ipv4.tcp_fin_timeout', 29],
  ['net.ipv4.tcp_keepalive_intvl', 29],
  ['net.ipv4.tcp_keepalive_probes', 29],
  ['net.ipv4.tcp_rmem', 32],
  ['net.ipv4.tcp_wmem', 32],
  ['net.ipv4.tcp_slow_start_after_idle', 37],
  ['net.ipv4.tcp_notsent_lowat', 37],
]);

/** SELinux types with the minor version that admits them. */
const seLinuxTypes: ReadonlyMap<string, number> = new Map([
  ['', 0],
  ['container_t', 0],
  ['container_init_t', 0],
  ['container_kvm_t', 0],
  ['container_engine_t', 31],
]);

const isAdmitted = (since: ReadonlyMap<string, number>, name: string, { minor }: Subject) =>
  minor >= (since.get(name) ?? Number.POSITIVE_INFINITY);

export const isOwnProfile = (type: string) => type === 'RuntimeDefault' || type === 'Localhost';

export function* unusualProcMount({ securityContext }: IContainer): Iterable<string> {
  const { procMount = 'Default' } = securityContext ?? {};
  if (procMount !== 'Default') yield `procMount is ${procMount}`;
}

/** Checks of the level baseline: k8s.io/pod-security-admission/policy at Kubernetes 1.37. */
export const baseline: readonly Check[] = [
  {
    id: 'hostNamespaces',
    find: ofPod(({ spec }) =>
      (['hostNetwork', 'hostPID', 'hostIPC'] as const)
        .filter((field) => spec[field] === true)
        .map((field) => `${field} is true`),
    ),
  },
  {
    id: 'hostPathVolumes',
    find: ofPod(({ spec: { volumes = [] } }) =>
      volumes
        .filter(({ hostPath }) => hostPath !== undefined)
        .map(({ name }) => `the volume ${name} is a hostPath`),
    ),
  },
  {
    id: 'hostPorts',
    find: ofContainers(({ ports = [] }) =>
      ports.some(({ hostPort = 0 }) => hostPort !== 0) ? ['a hostPort is set'] : [],
    ),
  },
  {
    id: 'privileged',
    find: ofContainers(({ securityContext }) =>
      securityContext?.privileged === true ? ['privileged is true'] : [],
    ),
  },
  { id: 'procMount', find: unless(hasOwnUsers, ofContainers(unusualProcMount)) },
  {
    id: 'capabilities_baseline',
    find: ofContainers(({ securityContext }) => {
      const added = securityContext?.capabilities?.add?.filter((one) => !capabilities.has(one)) ?? [];
      return added.length > 0 ? [`capabilities are added (${added.join(', ')})`] : [];
    }),
  },
  {
    id: 'seLinuxOptions',
    find: ofContexts(function* ({ seLinuxOptions: options = {} }, subject) {
      const { type = '', user = '', role = '' } = options;
      if (!isAdmitted(seLinuxTypes, type, subject)) yield `seLinuxOptions.type is ${type}`;
      if (user !== '') yield 'seLinuxOptions.user is set';
      if (role !== '') yield 'seLinuxOptions.role is set';
    }),
  },
  {
    id: 'sysctls',
    find: ofPod((subject) =>
      (subject.spec.securityContext?.sysctls ?? [])
        .filter(({ name }) => !isAdmitted(sysctls, name, subject))
        .map(({ name }) => `the sysctl ${name} is set`),
    ),
  },
  { id: 'appArmorProfile', find: ofContexts(forbiddenAppArmor) },
  { id: 'appArmorAnnotations', find: ofPod(forbiddenAppArmorAnnotations) },
  { id: 'seccompAnnotations', find: ofPod(forbiddenSeccompAnnotations) },
  {
    id: 'seccompProfile_baseline',
    since: 19,
    find: ofContexts(({ seccompProfile: profile }) =>
      profile === undefined || isOwnProfile(profile.type) ? [] : [`seccompProfile is ${profile.type}`],
    ),
  },
  {
    id: 'windowsHostProcess',
    find: ofContexts(({ windowsOptions }) =>
      windowsOptions?.hostProcess === true ? ['windowsOptions.hostProcess is true'] : [],
    ),
  },
  { id: 'hostProbesAndHostLifecycle', since: 34, find: ofContainers(namedHosts) },
];

function* forbiddenAppArmor({
  appArmorProfile: profile,
}: {
  appArmorProfile?: { type: string };
}): Iterable<string> {
  if (profile !== undefined && !isOwnProfile(profile.type)) yield `appArmorProfile is ${profile.type}`;
}

function* forbiddenAppArmorAnnotations({ annotations }: Subject): Iterable<string> {
  for (const [key, value] of Object.entries(annotations)) {
    const isOwn = value === '' || value === 'runtime/default' || value.startsWith('localhost/');
    if (key.startsWith('container.apparmor.security.beta.kubernetes.io/') && !isOwn)
      yield `the annotation ${key} is ${value}`;
  }
}

/** Before 1.19 the profile was an annotation. */
function* forbiddenSeccompAnnotations({ annotations, containers, minor }: Subject): Iterable<string> {
  if (minor >= 19) return;
  const ofEach = containers.map(({ spec }) => `container.seccomp.security.alpha.kubernetes.io/${spec.name}`);
  for (const key of ['seccomp.security.alpha.kubernetes.io/pod', ...ofEach]) {
    const value = annotations[key];
    if (value !== undefined && !/^(?:(?:runtime|docker)\/default$|localhost\/)/.test(value))
      yield `the annotation ${key} is ${value}`;
  }
}

function* namedHosts({
  livenessProbe,
  readinessProbe,
  startupProbe,
  lifecycle,
}: IContainer): Iterable<string> {
  const named: Readonly<Record<string, IProbe | ILifecycleHandler | undefined>> = {
    livenessProbe,
    readinessProbe,
    startupProbe,
    postStart: lifecycle?.postStart,
    preStop: lifecycle?.preStop,
  };
  for (const [name, handler] of Object.entries(named)) {
    const host = handler?.httpGet?.host || handler?.tcpSocket?.host;
    if (host) yield `${name} sets host ${host}`;
  }
}
