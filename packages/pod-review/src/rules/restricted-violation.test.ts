import { expect } from 'vitest';
import { container, type Data, sidecar, web, workload } from '../../testing/manifests.ts';
import { testRule } from '../../testing/rule-table.ts';
import { restrictedViolation } from './restricted-violation.ts';

const strict = { securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } };
const pod = { securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } } };
const app = container('web', 'example.com/web:1', strict);
const enforcing = (level: string, version = 'latest') => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {
    name: 'shop',
    labels: {
      'pod-security.kubernetes.io/enforce': level,
      'pod-security.kubernetes.io/enforce-version': version,
    },
  },
});
const inShop = (spec: Data) => workload(spec, { namespace: 'shop' });
const probing = container('web', 'example.com/web:1', {
  ...strict,
  livenessProbe: { httpGet: { host: '127.0.0.1', port: 80 } },
});
const windows = {
  os: { name: 'windows' },
  securityContext: { runAsNonRoot: true },
  containers: [container('web', 'example.com/web:1')],
};

testRule(restrictedViolation, {
  fires: [
    [
      'no security settings',
      workload({ containers: [web] }),
      {
        container: 'web',
        message: expect.stringContaining(
          'runAsNonRoot is not true, no seccompProfile, allowPrivilegeEscalation is not false, capability ALL is not dropped',
        ),
      },
    ],
    [
      'one init container that violates it',
      workload({ ...pod, containers: [app], initContainers: [container('i', 'x:1')] }),
      { container: 'i' },
    ],
    [
      'hostNetwork',
      workload({ ...pod, containers: [app], hostNetwork: true }),
      { message: expect.stringContaining('hostNetwork') },
    ],
    [
      'a hostPath',
      workload({ ...pod, containers: [app], volumes: [{ name: 'v', hostPath: { path: '/' } }] }),
      { message: expect.stringContaining('hostPath') },
    ],
    [
      'a namespace that refuses the pod',
      [enforcing('restricted'), inShop({ containers: [web] })],
      { severity: 'error' },
    ],
    [
      'a namespace that enforces restricted, and an SELinux user, a sysctl and no AppArmor',
      [
        enforcing('restricted'),
        inShop({
          containers: [app],
          securityContext: {
            ...pod.securityContext,
            seLinuxOptions: { user: 'sysadm_u' },
            sysctls: [{ name: 'kernel.msgmax', value: '65536' }],
            appArmorProfile: { type: 'Unconfined' },
          },
        }),
      ],
      {
        severity: 'error',
        message:
          'the pod violates restricted, which the namespace shop enforces: seLinuxOptions.user is set, the sysctl kernel.msgmax is set, appArmorProfile is Unconfined',
      },
    ],
    [
      'a namespace that enforces baseline, and a hostPort',
      [
        enforcing('baseline'),
        inShop({
          ...pod,
          containers: [container('web', 'x:1', { ...strict, ports: [{ containerPort: 80, hostPort: 80 }] })],
        }),
      ],
      {
        severity: 'error',
        message: 'web violates baseline, which the namespace shop enforces: a hostPort is set',
        fix: 'Remove the settings in the message: baseline forbids them.',
      },
    ],
    [
      'a namespace that enforces baseline, and a violation of restricted only',
      [enforcing('baseline'), inShop({ ...pod, containers: [container('web', 'x:1')] })],
      { severity: 'warning', message: expect.stringContaining('web is not restricted: allowPriv') },
    ],
    [
      'a namespace that enforces baseline as of 1.34, and a probe with a host',
      [enforcing('baseline', 'v1.34'), inShop({ ...pod, containers: [probing] })],
      { severity: 'error', message: expect.stringContaining('livenessProbe sets host 127.0.0.1') },
    ],
    [
      'a namespace that enforces restricted as of 1.24, and Windows',
      [enforcing('restricted', 'v1.24'), inShop(windows)],
      { severity: 'error' },
    ],
    [
      'an ephemeral container, which has no role',
      workload(
        { ...pod, containers: [app], ephemeralContainers: [container('debug', 'x:1')] },
        { kind: 'Pod' },
      ),
      { message: expect.stringContaining('ephemeralContainers.0 is not restricted') },
    ],
  ],
  passes: [
    [
      'the placeholder of Istio’s injection',
      workload({ ...pod, containers: [app, container('istio-proxy', 'auto')] }),
    ],
    ['a Windows pod', [enforcing('restricted'), inShop(windows)]],
    [
      'a probe with a host as of 1.33',
      [enforcing('baseline', 'v1.33'), inShop({ ...pod, containers: [probing] })],
    ],
    [
      'all settings, in the pod and its containers',
      workload({ ...pod, containers: [app], initContainers: [sidecar('s', 'x:1', strict)] }),
    ],
    [
      'all settings in the container',
      workload({
        containers: [
          container('web', 'x:1', { securityContext: { ...strict.securityContext, ...pod.securityContext } }),
        ],
      }),
    ],
    [
      'NET_BIND_SERVICE, which is allowed',
      workload({
        ...pod,
        containers: [
          container('web', 'x:1', {
            securityContext: {
              allowPrivilegeEscalation: false,
              capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] },
            },
          }),
        ],
      }),
    ],
  ],
});
