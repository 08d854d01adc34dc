import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { container, type Data } from '../../../testing/manifests.ts';
import type { IPodSpec } from '../../../types/kubernetes.ts';
import { asRecord } from '../../record.ts';
import { readObjects } from '../load/objects.ts';
import { readObject } from '../read-object.ts';
import { type Policy, violationsOf } from './pod-security.ts';

/** `where: what` of each violation; the pod's own without a where. */
function found(spec: Data, policy: Policy, annotations: Readonly<Record<string, string>> = {}): string[] {
  // of the shape that `decode` gives
  const violations = violationsOf({ spec: spec as unknown as IPodSpec, annotations }, policy);
  return violations.map(({ says, container: path }) =>
    path === undefined ? says : `${path.join('.')}: ${says}`,
  );
}

const own = (securityContext: Data, more: Data = {}): Data => ({
  containers: [container('a', 'b:1', { securityContext, ...more })],
});
const common = (securityContext: Data): Data => ({ ...own({}), securityContext });
const with2 = (more: Data): Data => ({ containers: [container('a', 'b:1', more)] });
const port = (handler: string, host: string) => ({ [handler]: { port: 80, host } });

/** Forbidden pods, each beside an admitted neighbour; from 1.33 on unless a case says otherwise. */
const atBaseline: ReadonlyArray<[title: string, spec: Data, says: string[], minor?: number]> = [
  ['nothing set', with2({}), []],
  ['the network of the node', { ...with2({}), hostNetwork: true }, ['hostNetwork is true']],
  [
    'processes and IPC of the node',
    { ...with2({}), hostPID: true, hostIPC: true },
    ['hostPID is true', 'hostIPC is true'],
  ],
  ['its own network', { ...with2({}), hostNetwork: false, hostPID: false }, []],
  [
    'a folder of the node',
    { ...with2({}), volumes: [{ name: 'v', hostPath: { path: '/' } }] },
    ['the volume v is a hostPath'],
  ],
  ['a volume over NFS', { ...with2({}), volumes: [{ name: 'v', nfs: { server: 's', path: '/' } }] }, []],
  [
    'a port of the node',
    with2({ ports: [{ containerPort: 80, hostPort: 80 }] }),
    ['containers.0: a hostPort is set'],
  ],
  ['host port 0', with2({ ports: [{ containerPort: 80, hostPort: 0 }] }), []],
  ['privileged', own({ privileged: true }), ['containers.0: privileged is true']],
  ['not privileged', own({ privileged: false }), []],
  ['all of /proc', own({ procMount: 'Unmasked' }), ['containers.0: procMount is Unmasked']],
  [
    'all of /proc with hostUsers: false',
    { ...own({ procMount: 'Unmasked' }), hostUsers: false },
    ['containers.0: procMount is Unmasked'],
    34,
  ],
  [
    'all of /proc with hostUsers: false, from 1.35 on',
    { ...own({ procMount: 'Unmasked' }), hostUsers: false },
    [],
    35,
  ],
  ['the usual /proc', own({ procMount: 'Default' }), []],
  [
    'more capabilities',
    own({ capabilities: { add: ['SYS_ADMIN', 'CHOWN'] } }),
    ['containers.0: capabilities are added (SYS_ADMIN)'],
  ],
  ['default capabilities', own({ capabilities: { add: ['CHOWN', 'NET_BIND_SERVICE'] } }), []],
  ['an SELinux user', common({ seLinuxOptions: { user: 'sysadm_u' } }), ['seLinuxOptions.user is set']],
  [
    'an SELinux role',
    own({ seLinuxOptions: { role: 'sysadm_r' } }),
    ['containers.0: seLinuxOptions.role is set'],
  ],
  [
    'another SELinux type',
    own({ seLinuxOptions: { type: 'spc_t' } }),
    ['containers.0: seLinuxOptions.type is spc_t'],
  ],
  [
    'an SELinux type of containers',
    common({ seLinuxOptions: { type: 'container_init_t', level: 's0:c1' } }),
    [],
  ],
  ['the SELinux type of engines', common({ seLinuxOptions: { type: 'container_engine_t' } }), []],
  [
    'the SELinux type of container engines before 1.31',
    common({ seLinuxOptions: { type: 'container_engine_t' } }),
    ['seLinuxOptions.type is container_engine_t'],
    30,
  ],
  [
    'a sysctl of the node',
    common({ sysctls: [{ name: 'kernel.msgmax', value: '1' }] }),
    ['the sysctl kernel.msgmax is set'],
  ],
  [
    'safe sysctls',
    common({
      sysctls: [
        { name: 'net.ipv4.tcp_syncookies', value: '1' },
        { name: 'net.ipv4.tcp_rmem', value: '1 2 3' },
      ],
    }),
    [],
  ],
  [
    'a sysctl that is safe from 1.32 on',
    common({ sysctls: [{ name: 'net.ipv4.tcp_rmem', value: '1 2 3' }] }),
    ['the sysctl net.ipv4.tcp_rmem is set'],
    31,
  ],
  ['no AppArmor', common({ appArmorProfile: { type: 'Unconfined' } }), ['appArmorProfile is Unconfined']],
  [
    'no AppArmor in a container',
    own({ appArmorProfile: { type: 'Unconfined' } }),
    ['containers.0: appArmorProfile is Unconfined'],
  ],
  [
    'an AppArmor profile of the node',
    own({ appArmorProfile: { type: 'Localhost', localhostProfile: 'x' } }),
    [],
  ],
  ['no seccomp', common({ seccompProfile: { type: 'Unconfined' } }), ['seccompProfile is Unconfined']],
  ['the usual seccomp', own({ seccompProfile: { type: 'RuntimeDefault' } }), []],
  [
    'a process of a Windows node',
    common({ windowsOptions: { hostProcess: true } }),
    ['windowsOptions.hostProcess is true'],
  ],
  ['Windows options', own({ windowsOptions: { hostProcess: false, runAsUserName: 'x' } }), []],
  [
    'a probe with a host',
    with2({ livenessProbe: port('httpGet', '127.0.0.1') }),
    ['containers.0: livenessProbe sets host 127.0.0.1'],
    34,
  ],
  [
    'a hook with a host',
    with2({ lifecycle: { preStop: port('tcpSocket', 'db') } }),
    ['containers.0: preStop sets host db'],
    34,
  ],
  ['a probe with a host before 1.34', with2({ livenessProbe: port('httpGet', '127.0.0.1') }), [], 33],
  ['a probe without a host', with2({ startupProbe: port('httpGet', '') }), [], 34],
  [
    'an init container and an ephemeral one',
    {
      ...with2({}),
      initContainers: [container('i', 'b:1', { securityContext: { privileged: true } })],
      ephemeralContainers: [container('e', 'b:1', { securityContext: { privileged: true } })],
    },
    ['initContainers.0: privileged is true', 'ephemeralContainers.0: privileged is true'],
  ],
];

const strict = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
const safe = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };
const restrictedPod = (more: Data = {}, context: Data = {}): Data => ({
  ...own({ ...strict, ...more }),
  securityContext: { ...safe, ...context },
});
const windows = { ...with2({}), os: { name: 'windows' }, securityContext: { runAsNonRoot: true } };

const atRestricted: typeof atBaseline = [
  ['all required settings', restrictedPod(), []],
  [
    'nothing set',
    with2({}),
    [
      'containers.0: runAsNonRoot is not true',
      'containers.0: no seccompProfile',
      'containers.0: allowPrivilegeEscalation is not false',
      'containers.0: capability ALL is not dropped',
    ],
  ],
  ['all set in the container', own({ ...strict, ...safe }), []],
  [
    'a violation of baseline',
    restrictedPod({}, { seLinuxOptions: { user: 'u' } }),
    ['seLinuxOptions.user is set'],
  ],
  [
    'a pod that may run as root, with a container that may not',
    restrictedPod({ runAsNonRoot: true }, { runAsNonRoot: false }),
    ['runAsNonRoot is false'],
  ],
  [
    'a container that may run as root',
    restrictedPod({ runAsNonRoot: false }),
    ['containers.0: runAsNonRoot is not true'],
  ],
  ['root by number', restrictedPod({ runAsUser: 0 }), ['containers.0: runAsUser is 0']],
  ['another user by number', restrictedPod({ runAsUser: 1 }, { runAsUser: 65532 }), []],
  [
    'root with hostUsers: false, from 1.35',
    { ...restrictedPod({ runAsUser: 0, runAsNonRoot: false }), hostUsers: false },
    [],
    35,
  ],
  [
    'root with hostUsers: false, before 1.35',
    { ...restrictedPod({ runAsUser: 0 }), hostUsers: false },
    ['containers.0: runAsUser is 0'],
    34,
  ],
  [
    'all of /proc with hostUsers: false',
    { ...restrictedPod({ procMount: 'Unmasked' }), hostUsers: false },
    ['containers.0: procMount is Unmasked'],
    35,
  ],
  [
    'no seccomp in the pod',
    restrictedPod({ seccompProfile: { type: 'RuntimeDefault' } }, { seccompProfile: { type: 'Unconfined' } }),
    ['seccompProfile is Unconfined'],
  ],
  [
    'no seccomp in the container',
    restrictedPod({ seccompProfile: { type: 'Unconfined' } }),
    ['containers.0: seccompProfile is Unconfined'],
  ],
  [
    'a volume over NFS',
    { ...restrictedPod(), volumes: [{ name: 'v', nfs: { server: 's', path: '/' } }] },
    ['the volume v is a nfs'],
  ],
  [
    'a folder of the node, once',
    { ...restrictedPod(), volumes: [{ name: 'v', hostPath: { path: '/' } }] },
    ['the volume v is a hostPath'],
  ],
  [
    'volumes of the pod',
    {
      ...restrictedPod(),
      volumes: [
        { name: 'v', emptyDir: {} },
        { name: 'i', image: { reference: 'x:1' } },
      ],
    },
    [],
  ],
  [
    'a capability that only baseline admits, once',
    restrictedPod({ capabilities: { drop: ['ALL'], add: ['CHOWN', 'NET_BIND_SERVICE'] } }),
    ['containers.0: capabilities are added (CHOWN)'],
  ],
  ['a low port', restrictedPod({ capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } }), []],
  ['Windows', windows, []],
  [
    'Windows before 1.25',
    windows,
    [
      'containers.0: no seccompProfile',
      'containers.0: allowPrivilegeEscalation is not false',
      'containers.0: capability ALL is not dropped',
    ],
    24,
  ],
  [
    'Windows as root of the node',
    { ...windows, securityContext: { windowsOptions: { hostProcess: true } } },
    ['windowsOptions.hostProcess is true', 'containers.0: runAsNonRoot is not true'],
  ],
  [
    'a pod with os: linux',
    { ...windows, os: { name: 'linux' } },
    [
      'containers.0: no seccompProfile',
      'containers.0: allowPrivilegeEscalation is not false',
      'containers.0: capability ALL is not dropped',
    ],
  ],
];

describe('baseline', () => {
  it.each(atBaseline)('%s', (_, spec, says, minor = 33) => {
    expect(found(spec, { level: 'baseline', minor })).toEqual(says);
  });

  it('reads the annotations of AppArmor, and of seccomp before 1.19', () => {
    const annotations = {
      'container.apparmor.security.beta.kubernetes.io/a': 'unconfined',
      'container.apparmor.security.beta.kubernetes.io/b': 'runtime/default',
      'container.seccomp.security.alpha.kubernetes.io/a': 'unconfined',
      'seccomp.security.alpha.kubernetes.io/pod': 'docker/default',
    };
    const of = (minor: number) => found(with2({}), { level: 'baseline', minor }, annotations);
    const appArmor = 'the annotation container.apparmor.security.beta.kubernetes.io/a is unconfined';
    expect(of(33)).toEqual([appArmor]);
    expect(of(18)).toEqual([
      appArmor,
      'the annotation container.seccomp.security.alpha.kubernetes.io/a is unconfined',
    ]);
  });
});

describe('restricted', () => {
  it.each(atRestricted)('%s', (_, spec, says, minor = 33) => {
    expect(found(spec, { level: 'restricted', minor })).toEqual(says);
  });
});

/** `test/testdata` of a checkout of kubernetes/pod-security-admission, or of its copy in kubernetes/kubernetes. */
const testdata = process.env['PSA_TESTDATA'];

if (testdata !== undefined) {
  describe('the test data of Pod Security admission', () => {
    const files = globSync('*/v1.*/*/*.yaml', { cwd: testdata });

    it('exists', () => expect(files.length).toBeGreaterThan(4000));

    it('gets the same verdicts', () => {
      const differing = files.filter((file) => {
        const [level, version = '', verdict] = file.split('/');
        const objects = readObjects({ name: file, text: readFileSync(join(testdata, file), 'utf8') });
        const [source] = 'message' in objects ? [] : objects;
        if (source === undefined || (level !== 'baseline' && level !== 'restricted')) return true;
        const { value } = readObject(source, '1.36');
        const { annotations } = asRecord(value['metadata']);
        const says = found(
          asRecord(value['spec']),
          { level, minor: Number(version.slice('v1.'.length)) },
          asRecord(annotations) as Readonly<Record<string, string>>, // decoded as annotations
        );
        return (says.length === 0) !== (verdict === 'pass');
      });
      expect(differing).toEqual([]);
    });
  });
}
