import { expect } from 'vitest';
import { container, sidecar, web, workload } from '../../testing/manifests.ts';
import { testRule } from '../../testing/rule-table.ts';
import { restrictedViolation } from './restricted-violation.ts';

const strict = { securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } };
const pod = { securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } } };
const app = container('web', 'example.com/web:1', strict);
const namespace = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'shop', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
};

testRule(restrictedViolation, {
  fires: [
    [
      'nothing set',
      workload({ containers: [web] }),
      {
        container: 'web',
        message: expect.stringContaining(
          'runAsNonRoot is not true, no seccompProfile, allowPrivilegeEscalation is not false, capabilities ALL are not dropped',
        ),
      },
    ],
    [
      'one init container short of it',
      workload({ ...pod, containers: [app], initContainers: [container('i', 'x:1')] }),
      { container: 'i' },
    ],
    [
      'the network of the node',
      workload({ ...pod, containers: [app], hostNetwork: true }),
      { message: expect.stringContaining('hostNetwork') },
    ],
    [
      'a folder of the node',
      workload({ ...pod, containers: [app], volumes: [{ name: 'v', hostPath: { path: '/' } }] }),
      { message: expect.stringContaining('hostPath') },
    ],
    [
      'a namespace that would refuse the pod',
      [namespace, workload({ containers: [web] }, { namespace: 'shop' })],
      { severity: 'error' },
    ],
  ],
  passes: [
    [
      'all set, in the pod and in its containers',
      workload({ ...pod, containers: [app], initContainers: [sidecar('s', 'x:1', strict)] }),
    ],
    [
      'all set in the container',
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
