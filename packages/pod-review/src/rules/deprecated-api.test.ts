import { expect } from 'vitest';
import { type Data, web, workload } from '../../testing/manifests.ts';
import { testRule } from '../../testing/rule-table.ts';
import type { Finding } from '../review.ts';
import { deprecatedApi } from './deprecated-api.ts';

testRule(deprecatedApi, {
  fires: [
    [
      'a removed version',
      { apiVersion: 'batch/v1beta1', kind: 'CronJob', metadata: { name: 'x' } },
      { severity: 'error', message: expect.stringContaining('use batch/v1') },
    ],
    [
      'an old Ingress',
      { apiVersion: 'extensions/v1beta1', kind: 'Ingress', metadata: { name: 'x' } },
      { severity: 'error', message: expect.stringContaining('networking.k8s.io/v1') },
    ],
    ...(
      [
        [
          'extensions/v1beta1 ThirdPartyResource',
          '1.8: use CustomResourceDefinition in apiextensions.k8s.io/v1',
        ],
        ['extensions/v1beta1 Deployment', '1.16: use apps/v1'],
        ['extensions/v1beta1 PodSecurityPolicy', 'use Pod Security admission'],
        ['extensions/v1beta1 HorizontalPodAutoscaler', 'use autoscaling/v2'],
        ['extensions/v1beta1 Job', 'use batch/v1'],
        ['settings.k8s.io/v1alpha1 PodPreset', 'move the settings of the PodPreset to the pod template'],
      ] as const
    ).map(([of, says]): [string, Data, Partial<Finding>] => {
      const [apiVersion, kind] = of.split(' ');
      return [
        `${of} of old`,
        { apiVersion, kind, metadata: { name: 'x' } },
        { severity: 'error', message: expect.stringContaining(says) },
      ];
    }),
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
      'a beta label of the node',
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
      'current versions',
      { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name: 'x' } },
    ],
    [
      'both names of the account, as in the output of a cluster',
      workload({ containers: [web], serviceAccount: 'x', serviceAccountName: 'x' }),
    ],
    [
      'a beta of another group',
      { apiVersion: 'gateway.networking.k8s.io/v1beta1', kind: 'ReferenceGrant', metadata: { name: 'x' } },
    ],
  ],
});
