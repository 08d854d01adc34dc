import { expect } from 'vitest';
import { web, workload } from '../../testing/manifests.ts';
import { testRule } from '../../testing/rule-table.ts';
import { deprecatedApi } from './deprecated-api.ts';

testRule(deprecatedApi, {
  fires: [
    [
      'a version that is gone',
      { apiVersion: 'batch/v1beta1', kind: 'CronJob', metadata: { name: 'x' } },
      { severity: 'error', message: expect.stringContaining('use batch/v1') },
    ],
    [
      'an Ingress of old',
      { apiVersion: 'extensions/v1beta1', kind: 'Ingress', metadata: { name: 'x' } },
      { severity: 'error', message: expect.stringContaining('networking.k8s.io/v1') },
    ],
    [
      'Endpoints',
      { apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'x' } },
      { message: expect.stringContaining('EndpointSlice') },
    ],
    [
      'an annotation for seccomp',
      workload(
        { containers: [web] },
        { annotations: { 'seccomp.security.alpha.kubernetes.io/pod': 'runtime/default' } },
      ),
      { message: expect.stringContaining('seccompProfile') },
    ],
    ['serviceAccount', workload({ containers: [web], serviceAccount: 'x' })],
    [
      'a label of the node under beta',
      workload({ containers: [web], nodeSelector: { 'beta.kubernetes.io/os': 'linux' } }),
      { message: expect.stringContaining('kubernetes.io/os') },
    ],
    [
      'a gitRepo volume',
      workload({
        containers: [web],
        volumes: [{ name: 'v', gitRepo: { repository: 'https://example.com/x.git' } }],
      }),
    ],
  ],
  passes: [
    [
      'versions of today',
      { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name: 'x' } },
    ],
    [
      'both names of the account, as the cluster writes it',
      workload({ containers: [web], serviceAccount: 'x', serviceAccountName: 'x' }),
    ],
    [
      'a beta of another group',
      { apiVersion: 'gateway.networking.k8s.io/v1beta1', kind: 'ReferenceGrant', metadata: { name: 'x' } },
    ],
  ],
});
